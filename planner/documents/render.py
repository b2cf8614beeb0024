"""The one place where WeasyPrint is used: HTML in, tagged PDF/UA-1 out, nothing fetched from anywhere.

Import this module only where documents are rendered (the render process, the command line): it loads Pango. The
style sheets are parsed once and share one font configuration that knows the bundled fonts and no others, so that
every machine gives the same bytes.
"""

from __future__ import annotations

import os
import warnings
from functools import cache
from xml.etree import ElementTree

from planner.documents.html import style
from planner.documents.letters import FONTS

# Fontconfig reads this when WeasyPrint loads: only the bundled fonts exist.
os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # the missing subsetter is told of below, in our words
    import cssselect2  # type: ignore[import-untyped]
    from weasyprint import CSS, HTML
    from weasyprint.text.ffi import harfbuzz_subset
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

SLOW = (
    "libharfbuzz-subset is missing: PDFs are made, each takes half as long again. "
    "On Debian or Ubuntu: apt-get install libharfbuzz-subset0"
)

if harfbuzz_subset is None:
    warnings.warn(SLOW, RuntimeWarning, stacklevel=2)


class RefuseEverything(URLFetcher):
    """Fetches nothing: style sheets come as text and fonts through fontconfig, so every address is a mistake."""

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """Refuse an address, whatever its scheme; the print goes on without it.

        Raises:
            PermissionError: always.
        """
        scheme = url.partition(":")[0][:12]
        raise PermissionError(f"Documents fetch nothing; an address of the kind “{scheme}:” was asked for.")


_REFUSE = RefuseEverything(allowed_protocols=())


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _style(name: str) -> CSS:
    return CSS(string=style(name), font_config=_fonts(), url_fetcher=_REFUSE)


class _Document(HTML):  # type: ignore[misc]
    """A document of ours, read as XML: what is not well-formed is an error, never repaired into something else.

    Its base style sheet knows only the tags that our templates use.
    """

    def __init__(self, html: str) -> None:
        # Our own templates with every value escaped; no entity can be declared without a document type.
        root = ElementTree.fromstring(html.strip())  # noqa: S314
        self.base_url = None
        self.url_fetcher = _REFUSE
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
        return [_style("base.css")]


def html_to_pdf(html: str, style_name: str = "clinician.css", *, pages_at_most: int | None = None) -> bytes | None:
    """Return a document as tagged PDF/UA-1; None when it has more pages than allowed.

    Args:
        html: one whole document as well-formed XML, with language, title and date; nothing it names is fetched.
        style_name: a style sheet of ``templates/print``.
        pages_at_most: give up before drawing when the layout needs more pages.
    """
    document = _Document(html).render(font_config=_fonts(), stylesheets=[_style(style_name)], pdf_variant="pdf/ua-1")
    if pages_at_most is not None and len(document.pages) > pages_at_most:
        return None
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return pdf
