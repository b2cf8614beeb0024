#!/usr/bin/env bash
# Renew requirements.lock and requirements-dev.lock from pyproject.toml: newest allowed versions, with hashes,
# for Python 3.11 to 3.13 on Linux and macOS. Read the difference before you commit it.
set -euo pipefail
cd "$(dirname "$0")/.."

UV=0.13.9 # resolves for all platforms at once; only this script needs it

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet "uv==$UV"

compile() { # lock file, further options
    local lock=$1
    shift
    "$work/venv/bin/uv" pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
        --generate-hashes --no-emit-package throughline --custom-compile-command "make lock" \
        --output-file "$lock" "$@" >/dev/null
}
compile requirements.lock --group install
# The second holds the first, so that what is tested is what runs.
compile requirements-dev.lock --group dev --constraint requirements.lock

if grep -nE '://|file:|--(extra-)?index-url|--find-links| @ ' requirements.lock requirements-dev.lock; then
    echo "A lock file names an address or a folder (above); it must hold names, versions and hashes only." >&2
    exit 1
fi
grep -cE '^[a-z].*==' requirements.lock requirements-dev.lock
