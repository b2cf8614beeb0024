"""Copy the parts of USWDS that our pages use, with its fonts exchanged; run by scripts/vendor.sh.

The style sheet is the one USWDS publishes, with four changes:

1. Its fonts (Source Sans Pro, Merriweather, Roboto Mono) give way to Public Sans, which USWDS carries too.
   The web files of Source Sans Pro have no ≥ and no ≤, and paper and screen now share one typeface.
   `size-adjust` brings Public Sans to the x-height of Source Sans Pro, for which the sizes were made.
2. The photograph of the `usa-hero` component is left out (143 KiB, no page uses it).
3. The pointer to the source map is left out, so that browsers do not ask for a file we do not keep.
4. Nothing else.
"""

import re
import shutil
import sys
from pathlib import Path

FACES = {  # file: (style, weight)
    "PublicSans-Regular.woff2": ("normal", 400),
    "PublicSans-Italic.woff2": ("italic", 400),
    "PublicSans-Bold.woff2": ("normal", 700),
}


def face(file: str, style: str, weight: int) -> str:
    """Return the @font-face rule for one file."""
    return (
        f'@font-face{{font-family:"Public Sans Web";font-style:{style};font-weight:{weight};font-display:fallback;'
        f'size-adjust:94%;src:url(../fonts/public-sans/{file})format("woff2")}}'
    )


def adapted(css: str) -> str:
    """Return the style sheet with the changes that the docstring of this module lists."""
    css, faces = re.subn(r"@font-face\{[^}]*\}", "", css)
    css, photographs = re.subn(r"background-image:url\(\.\./img/hero\.jpg\);", "", css)
    css, _ = re.subn(r"/\*# sourceMappingURL=[^*]*\*/", "", css)
    css, sans = re.subn(r"Source Sans Pro Web,", "Public Sans Web,", css)
    css, serif = re.subn(
        r"Merriweather Web,Georgia,Cambria,Times New Roman,Times,serif",
        "Public Sans Web,Helvetica Neue,Helvetica,Roboto,Arial,sans-serif",
        css,
    )
    css, mono = re.subn(r"Roboto Mono Web,", "", css)
    if not all((faces, photographs, sans, serif, mono)) or "Source Sans" in css or "Merriweather" in css:
        sys.exit("The style sheet has changed: look at each replacement in scripts/vendor_uswds.py again.")
    charset = '@charset "UTF-8";'
    rules = "".join(face(file, style, weight) for file, (style, weight) in FACES.items())
    return charset + "\n" + rules + css.removeprefix(charset)


def main(dist: Path, target: Path) -> None:
    """Write css, js, fonts and images under `target`, and check that each address in the css resolves."""
    for folder in ("css", "js", "fonts", "img"):
        shutil.rmtree(target / folder, ignore_errors=True)
    for folder in ("css", "js", "fonts/public-sans"):
        (target / folder).mkdir(parents=True)

    css = adapted((dist / "css/uswds.min.css").read_text(encoding="utf-8"))
    (target / "css/uswds.min.css").write_text(css, encoding="utf-8")
    for name in ("uswds.min.js", "uswds-init.min.js"):
        js = (dist / "js" / name).read_text(encoding="utf-8")
        (target / "js" / name).write_text(re.sub(r"//# sourceMappingURL=.*\n?", "", js), encoding="utf-8")

    for address in sorted(set(re.findall(r"url\(\"?([^)\"]+)", css))):
        if address.startswith("data:"):
            continue
        source, copy = (base / "css" / address for base in (dist, target))
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
