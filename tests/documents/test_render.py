"""The one function around WeasyPrint: same bytes, nothing fetched, nothing repaired, bundled fonts only."""

from __future__ import annotations

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from paper import ROOT, body, example, pages, plain, printed, tool

from planner.documents import documents
from planner.documents.render import RefuseEverything, html_to_pdf

SHELL = '<html lang="en"><head><title>Test</title></head><body>{}</body></html>'

# What somebody may type where a name belongs.
MARKUP = (
    '<img src="file:///etc/hostname"/>',
    "<script>alert(1)</script>",
    '<link rel="attachment" href="file:///etc/passwd"/>',
    '<style>@import url("http://127.0.0.1/x.css");</style>',
    "</p></body></html>",
    "{{ 7 * 7 }}{% include '/etc/hostname' %}",
    "&lt;b&gt; &amp; &#60;",
    "]]><!-- <![CDATA[ -->",
)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this computer that writes down what it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "canary.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>CANARY-7461</text></svg>')
    return path


@pytest.mark.parametrize("document", ["clinician", "details", "patient"])
def test_same_input_gives_same_bytes(document: str) -> None:
    assert documents.make(document, *example("a")) == printed(document, "a")


@pytest.mark.parametrize("document", ["clinician", "details", "local_anesthetic_card", "patient"])
@pytest.mark.parametrize("seed", ["1", "2"])
def test_same_input_gives_same_bytes_in_another_process(document: str, seed: str, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(example("c")))
    program = (
        "import json, sys; from planner.documents import documents;"
        f"case, plan = json.load(open('plan.json')); sys.stdout.buffer.write(documents.make('{document}', case, plan))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, check=True
    )
    assert done.stdout == printed(document, "c")


def test_the_date_of_the_file_is_the_date_of_the_plan() -> None:
    assert "D:20261123090000-05" in tool("pdfinfo", printed("clinician", "a"), "-rawdates")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "http://127.0.0.1/",
        "https://example.org/",
        "data:text/plain,x",
        "ftp://127.0.0.1/",
        "/etc/hostname",
    ],
)
def test_the_fetcher_refuses_every_address(address: str) -> None:
    with pytest.raises(PermissionError):
        RefuseEverything().fetch(address)


def test_markup_that_asks_for_files_or_pages_gets_nothing(canary: Path, listener: tuple[str, list[str]]) -> None:
    server, asked = listener
    wanted = (
        f'<img src="{canary.as_uri()}" alt="x"/><img src="{server}/image.png" alt="x"/>'
        f'<link rel="stylesheet" href="{server}/style.css"/><link rel="attachment" href="{canary.as_uri()}"/>'
        f'<p style="background: url({server}/background.png); list-style: url({canary.as_uri()})">Text</p>'
        f'<object data="{canary.as_uri()}"/><embed src="{server}/embed"/><iframe src="{server}/frame"/>'
        f'<style>@import url("{server}/import.css"); @font-face {{ font-family: X; src: url("{server}/font.ttf") }} p {{ font-family: X }}</style>'
    )
    pdf = html_to_pdf(SHELL.format(wanted))
    assert pdf is not None
    assert "CANARY-7461" not in tool("qpdf", pdf, "--qdf")
    assert asked == []


@pytest.mark.parametrize("document", ["clinician", "details", "local_anesthetic_card", "patient"])
def test_markup_in_a_name_is_printed_as_text(document: str) -> None:
    for text in MARKUP:
        case, plan = example("a")
        case["patient"]["name"] = plan["summary"]["person"] = text
        pdf = documents.make(document, case, plan)
        assert text in pages(pdf)[0]
        assert "/EmbeddedFile" not in tool("qpdf", pdf, "--qdf")


def test_markup_in_notes_products_and_telephone_numbers_is_printed_as_text() -> None:
    text = MARKUP[0]
    case, plan = example("a")
    case["health"]["notes"] = f"note {text}"
    case["moud"][0]["product_name"] = f"product {text}"
    case["moud"][0]["prescriber"]["phone"] = f"phone {text}"
    case["health"]["medicines"] = [f"medicine {text}"]
    plan["summary"]["operation"] = f"operation {text}"
    found = body(documents.make("clinician", case, plan)) + body(documents.make("details", case, plan))
    for place in ("note", "product", "phone", "medicine", "operation"):
        assert plain(f"{place} {text}") in found


def test_a_document_that_is_not_well_formed_is_an_error_and_never_repaired() -> None:
    with pytest.raises(ElementTree.ParseError):
        html_to_pdf("<html><body><p>open</body></html>")


def test_only_bundled_fonts_are_used_and_all_are_embedded() -> None:
    rows = tool("pdffonts", printed("clinician", "a")).splitlines()[2:]
    assert rows
    for row in rows:
        assert re.match(r"[A-Z]{6}\+(Public-Sans|Noto-Sans)", row)
        assert re.search(r"yes\s+yes\s+yes", row)


def test_says_at_start_when_printing_will_be_slow() -> None:
    program = "import weasyprint.text.ffi as ffi; ffi.harfbuzz_subset = None; import planner.documents.render"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "apt-get install libharfbuzz-subset0" in done.stderr


@pytest.mark.parametrize("words", range(10, 30))
def test_a_line_is_filled_before_an_inline_element_that_does_not_fit(words: int) -> None:
    # WeasyPrint 70 breaks after the first word when only the space that ends a text overflows; our templates put
    # that space inside the element (templates/print/lines.html).
    text = " ".join(["acetaminophen"] * words)
    pdf = html_to_pdf(SHELL.format(f"<p>First {text}.<b> Unbreakable_and_rather_long_word follows here.</b></p>"))
    assert pdf is not None
    first_line = tool("pdftotext", pdf, "-raw").splitlines()[0]
    assert len(first_line) > 75
