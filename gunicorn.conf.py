"""How `make run` serves: on this computer only, with one process per core of a small machine."""

import os

# Loopback only, and not a setting: there are no accounts yet, so nobody else may reach these pages.
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"

# Rendering a PDF keeps a core busy; threads would halve the throughput.
worker_class = "sync"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))

# The knowledge base is read and checked once, before the workers start, and shared by them.
preload_app = True

loglevel = "warning"
# No log of requests: addresses name saved plans.
accesslog = None
# No socket for controlling the server from outside.
control_socket_disable = True


def when_ready(server) -> None:
    """Print the address once it answers."""
    print(f"\nThroughline is running at http://{bind} (this computer only; stop with Ctrl+C)\n", flush=True)
