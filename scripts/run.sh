#!/usr/bin/env bash
# Set up what is missing, then serve on this computer. PORT=8001 chooses another port.
set -euo pipefail
cd "$(dirname "$0")/.."
stop() { printf '\n%s\n' "$*" >&2; exit 1; }

export PORT=${PORT:-8000}
case $PORT in
    '' | *[!0-9]* | ??????*) stop "PORT=$PORT is not a port. Choose a number from 1024 to 65535, as in  make run PORT=8001" ;;
esac
if (: <>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
    stop "Port $PORT is in use: Throughline or another program is running there. Choose another:  make run PORT=8001"
fi

scripts/setup.sh run

# macOS looks for Homebrew's libraries only where it is told to.
if [ "$(uname -s)" = Darwin ]; then
    export DYLD_FALLBACK_LIBRARY_PATH="${DYLD_FALLBACK_LIBRARY_PATH:-/opt/homebrew/lib:/usr/local/lib:/opt/local/lib:/usr/lib}"
fi

.venv/bin/throughline init
exec .venv/bin/gunicorn wsgi:app # settings: gunicorn.conf.py
