#!/usr/bin/env bash
# Make everything that Throughline needs on this machine. Safe to run again: what is there is left alone.
#
#   scripts/setup.sh        what `make run` needs: system libraries, .venv, the packages of requirements.lock
#   scripts/setup.sh test   also what `make test` and `make check` need: Chromium, PDF tools, requirements-dev.lock
#
# PYTHON=/path/to/python3 chooses the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:-run}
case $kind in
    run) lock=requirements.lock ;;
    test) lock=requirements-dev.lock ;;
    *) echo "usage: scripts/setup.sh [run|test]" >&2; exit 64 ;;
esac

say() { printf '%s\n' "$*"; }
stop() { printf '\n%s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# ---------------------------------------------------------------- system packages

# Which words before apt-get let us install: nothing for root, "sudo -n" where sudo asks no password.
apt_may_install() {
    have apt-get || return 1
    if [ "$(id -u)" = 0 ]; then as_root=""; return 0; fi
    if have sudo && sudo -n true 2>/dev/null; then as_root="sudo -n"; return 0; fi
    return 1
}

apt_install() { # packages; fails when apt-get does
    local quiet="-qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300"
    say "Installing system packages: $*"
    # shellcheck disable=SC2086 # words on purpose
    if ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install $quiet -y --no-install-recommends "$@" \
            </dev/null >/dev/null 2>&1; then
        return 0
    fi
    # No package lists yet, or old ones.
    # shellcheck disable=SC2086
    $as_root apt-get update $quiet </dev/null >/dev/null &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install $quiet -y --no-install-recommends "$@" \
            </dev/null >/dev/null
}

has_library() { # Linux: libpango-1.0.so.0
    local ldconfig=/sbin/ldconfig
    [ -x "$ldconfig" ] || ldconfig=ldconfig
    # Read to the end: a closed pipe would count as a failure.
    "$ldconfig" -p 2>/dev/null | grep -F "$1" >/dev/null
}

# What is missing, collected by the functions below as names of Debian packages.
needed="" # nothing works without
better="" # works, but worse

# The libraries that WeasyPrint loads to make a PDF.
look_for_pdf_libraries() {
    has_library libpango-1.0.so.0 || needed="$needed libpango-1.0-0"
    has_library libpangoft2-1.0.so.0 || needed="$needed libpangoft2-1.0-0"
    # Without this one a PDF takes half as long again.
    has_library libharfbuzz-subset.so.0 || better="$better libharfbuzz-subset0"
    have fc-match || better="$better fontconfig"
}

look_for_test_tools() {
    have pdftoppm || needed="$needed poppler-utils"
    have qpdf || needed="$needed qpdf"
    has_library libatomic.so.1 || needed="$needed libatomic1" # playwright's driver loads it
    for browser in chromium chromium-browser google-chrome google-chrome-stable; do
        if have "$browser"; then return 0; fi
    done
    if grep -qs '^ID=ubuntu' /etc/os-release; then
        # Ubuntu's package of that name only points to a snap, which root and containers cannot start.
        say "The browser tests need Chromium, a snap on Ubuntu. Run this once:  sudo snap install chromium"
        [ -z "${CI:-}" ] || stop "Where CI is set, browser tests may not be left out."
    else
        needed="$needed chromium"
    fi
}

install_what_is_missing() {
    [ -n "$needed$better" ] || return 0
    # shellcheck disable=SC2086 # words on purpose
    if apt_may_install && apt_install $needed $better; then return 0; fi
    if have apt-get; then
        say "System packages are missing. Run this once:"
        say "    sudo apt-get update && sudo apt-get install -y$needed$better"
    else
        say "These are missing, by their Debian names; install them with this system's package manager:$needed$better"
    fi
    [ -z "$needed" ] || stop "Then run the same command again."
    say "Going on without them; PDFs are made more slowly until then."
}

look_on_macos() {
    local folder brew=""
    for folder in /opt/homebrew/lib /usr/local/lib /opt/local/lib none; do
        if [ -e "$folder/libpango-1.0.0.dylib" ]; then break; fi
    done
    if [ "$folder" = none ]; then brew="$brew pango"; fi
    if [ "$kind" = test ]; then
        have pdftoppm || brew="$brew poppler"
        have qpdf || brew="$brew qpdf"
        have chromium || [ -d "/Applications/Google Chrome.app" ] || brew="$brew google-chrome"
    fi
    [ -z "$brew" ] || stop "Homebrew packages are missing. Run this once, then the same command again:
    brew install$brew"
}

# ---------------------------------------------------------------- Python

# The right version …
right_version='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
# … that can make an environment and was built with what we use.
whole='import ctypes, ensurepip, sqlite3, ssl, venv, zoneinfo'

is_good() { have "$1" && "$1" -I -c "$right_version" >/dev/null 2>&1; }
is_whole() { is_good "$1" && "$1" -I -c "$whole" >/dev/null 2>&1; }

find_python() { # sets $python
    local candidate
    # The distribution's own build comes first: it is optimised, and does the same work in about 0.83 of the time
    # of a plain self-built one (docs/decisions/0001-two-commands.md).
    for candidate in ${PYTHON:-/usr/bin/python3 python3.13 python3.12 python3.11 python3}; do
        if is_whole "$candidate"; then
            python=$(command -v "$candidate")
            return 0
        fi
    done
    return 1
}

look_for_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_whole "$PYTHON" || stop "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13 that can make an environment."
    elif is_good /usr/bin/python3 && ! is_whole /usr/bin/python3; then
        # Debian keeps `python3 -m venv` in a package of its own.
        if apt_may_install || ! find_python; then needed="$needed python3-venv"; fi
    elif ! find_python && ! have python3; then
        needed="$needed python3 python3-venv"
    fi
}

no_python() {
    stop "Throughline needs Python 3.11, 3.12 or 3.13, and found none.
Debian or Ubuntu:  sudo apt-get update && sudo apt-get install -y python3 python3-venv
macOS:             brew install python@3.13
Elsewhere:         install one and name it, as in  make run PYTHON=/path/to/python3.13"
}

# ---------------------------------------------------------------- .venv

checksum() { # of what the environment is made from: a change of any of it makes a new one
    # Of pyproject.toml the part above the tools' settings: name, version, dependencies, command.
    { pwd; sed '/^\[tool\./,$d' pyproject.toml; cat scripts/setup.sh "$@"; } | cksum
}

works() { # does .venv still start, from the interpreter asked for, and see its packages?
    { [ -z "${PYTHON:-}" ] || [ "$(cat .venv/.made-with 2>/dev/null)" = "$PYTHON" ]; } &&
        .venv/bin/python -c 'import importlib.util, sys; sys.exit(not importlib.util.find_spec("gunicorn"))' 2>/dev/null
}

fresh() { # kind, lock files…: was .venv made from exactly these?
    local stamp=".venv/.set-up-for-$1"
    shift
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(checksum "$@")" ]
}

environment_is_ready() {
    works || return 1
    fresh test requirements.lock requirements-dev.lock && return 0
    [ "$kind" = run ] && fresh run requirements.lock
}

make_environment() {
    if ! works || ! fresh run requirements.lock; then
        find_python || no_python
        say "Making .venv with $("$python" --version) ($python)"
        "$python" -m venv --clear .venv
        say "${PYTHON:-$python}" >.venv/.made-with
    fi

    say "Installing the packages of $lock"
    # Hashes: exactly the files that were locked. Wheels only: nothing is compiled or run while installing.
    .venv/bin/python -m pip --disable-pip-version-check install --quiet --no-input \
        --require-hashes --only-binary :all: -r "$lock"
    # The project itself, from this folder: an edit counts at once.
    .venv/bin/python -m pip --disable-pip-version-check install --quiet --no-input \
        --no-deps --no-build-isolation --no-index --editable .

    # Last, so that an interrupted setup starts over.
    checksum requirements.lock >.venv/.set-up-for-run
    [ "$kind" = run ] || checksum requirements.lock requirements-dev.lock >.venv/.set-up-for-test
}

# ---------------------------------------------------------------- in this order

if environment_is_ready; then ready=yes; else ready=""; fi

if [ "$(uname -s)" = Darwin ]; then
    look_on_macos
else
    look_for_pdf_libraries
    if [ "$kind" = test ]; then look_for_test_tools; fi
    if [ -z "$ready" ]; then look_for_python; fi
    install_what_is_missing
fi
if [ -z "$ready" ]; then make_environment; fi
