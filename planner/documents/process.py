"""The render process as the web process sees it: started when first needed, limited, replaced, never trusted.

Each web process has one. It gets none of the environment's secrets, answers within 20 seconds or is killed, and
is replaced after 200 documents, because the PDF engine grows a little with each. Not multiprocessing's pool: that
cannot stop a task that hangs, answers with pickles, and starts the main program again in the child.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.documents.failure import PrintFailed
from planner.documents.worker import receive, send

WALL_LIMIT_SECONDS = 20.0
DOCUMENTS_PER_PROCESS = 200

ROOT = Path(__file__).resolve().parents[2]

# What the render process may know of our environment; keys and database addresses are not among it.
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "VIRTUAL_ENV",
    "PYTHONPATH",
)


class RenderProcess:
    """One worker and the connection to it. Not shared between processes: a fork starts its own."""

    def __init__(self, documents_at_most: int = DOCUMENTS_PER_PROCESS, wall_limit: float = WALL_LIMIT_SECONDS) -> None:
        self.documents_at_most = documents_at_most
        self.wall_limit = wall_limit
        self._lock = threading.Lock()
        self._worker: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None
        self._made = 0

    @property
    def pid(self) -> int | None:
        """The worker's process id, when one is running."""
        return self._worker.pid if self._worker and self._worker.poll() is None else None

    def render(self, document: str, case: Mapping[str, Any], plan: Mapping[str, Any]) -> bytes:
        """Return the bytes of a document.

        Raises:
            PrintFailed: the worker was killed, ran out of time or memory, or could not make the document. The next
                document gets a new worker.
        """
        request = json.dumps({"document": document, "case": case, "plan": plan}).encode()
        if not self._lock.acquire(timeout=2 * self.wall_limit):
            raise PrintFailed("Other documents are being printed. Try again in a minute.")
        try:
            return self._ask(request)
        finally:
            self._lock.release()

    def _ask(self, request: bytes) -> bytes:
        if self.pid is None:
            self._stop()
            self._start()
        answer = self._exchange(request)
        self._made += 1
        if self._made >= self.documents_at_most:
            self._stop()
            self._start()  # loads while nobody waits
        if answer[:1] != b"+":
            raise PrintFailed(f"The document could not be made ({answer[1:].decode(errors='replace')}).")
        return answer[1:]

    def _exchange(self, request: bytes) -> bytes:
        connection = self._connection
        assert connection is not None
        connection.settimeout(self.wall_limit)
        ends = time.monotonic() + self.wall_limit
        watchdog = threading.Timer(self.wall_limit, self._kill)
        watchdog.start()
        try:
            send(connection, request)
            answer = receive(connection)
        except (OSError, ValueError):
            answer = None
        finally:
            watchdog.cancel()
        if answer:
            return answer
        self._kill()
        self._stop()
        if time.monotonic() >= ends:
            raise PrintFailed(f"Printing took more than {self.wall_limit:g} seconds and was stopped. Try again.")
        raise PrintFailed("The print process ended before the document was made. Try again.")

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
        with theirs:
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "planner.documents.worker"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=ROOT,
                env=environment,
                start_new_session=True,  # Ctrl+C in the terminal ends the server first, the worker by its closed socket
            )
        self._connection = ours
        self._made = 0

    def _kill(self) -> None:
        if self._worker:
            with contextlib.suppress(OSError):
                self._worker.kill()

    def _stop(self) -> None:
        """Close the connection, which ends the worker, and collect it."""
        if self._connection:
            self._connection.close()
        if self._worker:
            try:
                self._worker.wait(timeout=2)
            except subprocess.TimeoutExpired:
                self._kill()
                self._worker.wait()
        self._worker = self._connection = None

    def start(self) -> None:
        """Start the worker before it is needed; it loads while others work."""
        with self._lock:
            if self.pid is None:
                self._stop()
                self._start()

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            self._stop()

    def forget(self) -> None:
        """Drop a worker that belongs to the parent process, after a fork."""
        if self._connection:
            self._connection.close()
        if self._worker:
            self._worker.returncode = 0  # not ours to wait for
        self._worker = self._connection = None
        self._lock = threading.Lock()


SHARED = RenderProcess()

atexit.register(SHARED.close)
os.register_at_fork(after_in_child=SHARED.forget)
