#!/usr/bin/env bash
# Renew the third-party files kept in this repository: the U.S. Web Design System and Public Sans.
# Needs npm and Python. Change a version below, put its checksum beside it, run, look at `git diff`.
set -euo pipefail
cd "$(dirname "$0")/.."

USWDS=3.14.0
USWDS_SHA256=da91c65e6fc736fa397f0daf6ca2c2c95711506d85c7ad2537a4570725401e1c
# The same font, taken only for the text of its licence, which @uswds/uswds names but does not carry.
FONTSOURCE=5.3.0
FONTSOURCE_SHA256=006a55fc01a1f03fd56ade9d2d0f80f0eef7e20a085cd9c8ba2463a361cbefcb

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() { # npm name, version, sha256, folder
    local file
    (cd "$work" && npm pack --silent "$1@$2" >/dev/null)
    file=$(ls "$work"/*.tgz)
    echo "$3  $file" | shasum -a 256 --check --quiet
    mkdir "$work/$4"
    tar -xzf "$file" -C "$work/$4" --strip-components=1
    rm "$file"
}
fetch @uswds/uswds "$USWDS" "$USWDS_SHA256" uswds
fetch @fontsource/public-sans "$FONTSOURCE" "$FONTSOURCE_SHA256" fontsource

echo "Paper: Public Sans as TTF, which the PDF engine embeds without decoding."
paper=planner/documents/fonts
mkdir -p "$paper"
rm -f "$paper"/*.ttf
for weight in Regular Italic SemiBold Bold; do
    cp "$work/uswds/dist/fonts/public-sans/PublicSans-$weight.ttf" "$paper/"
done
cp "$work/fontsource/LICENSE" "$paper/OFL.txt"

echo "Screen: style sheet, scripts, and the fonts and images that the style sheet names."
python3 scripts/vendor_uswds.py "$work/uswds/dist" planner/web/static/uswds
cp "$work/uswds/LICENSE.md" planner/web/static/uswds/LICENSE.md
cp "$paper/OFL.txt" planner/web/static/uswds/LICENSE-fonts-OFL.txt
echo "$USWDS" >planner/web/static/uswds/VERSION
find planner -type d \( -name uswds -o -name fonts \) -exec chmod -R u=rwX,go=rX {} +
du -sh "$paper" planner/web/static/uswds
