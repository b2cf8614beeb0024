"""The render process: reads one request at a time from its standard input, a socket, and answers with a PDF.

Each message is 4 bytes of length and that many bytes. A request is JSON with the document's name, the case and the
plan; an answer is one byte, ``+`` before a PDF or ``-`` before an error's name. JSON and plain bytes, not pickle: a
renderer that was taken over could send a wrong PDF, but no code, back to the web process.
"""

from __future__ import annotations

import contextlib
import json
import resource
import socket
import sys
from collections.abc import Callable, Mapping
from typing import Any

Data = Mapping[str, Any]

MEMORY_LIMIT_BYTES = 1024 * 1024 * 1024
CPU_SECONDS_PER_DOCUMENT = 20
MESSAGE_LIMIT_BYTES = 64 * 1024 * 1024


def send(connection: socket.socket, message: bytes) -> None:
    """Send one message."""
    connection.sendall(len(message).to_bytes(4, "big") + message)


def receive(connection: socket.socket) -> bytes | None:
    """Return the next message, or None when the other side has closed the connection.

    Raises:
        ValueError: the message is larger than any document.
    """
    head = _exactly(connection, 4)
    if head is None:
        return None
    size = int.from_bytes(head, "big")
    if size > MESSAGE_LIMIT_BYTES:
        raise ValueError(f"A message of {size:,} bytes is no document.")
    return _exactly(connection, size)


def _exactly(connection: socket.socket, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(min(size - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)


def limit(name: int, soft: int) -> None:
    """Lower a limit of this process; where the system refuses (macOS has no limit on memory), go on without."""
    _, hard = resource.getrlimit(name)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(name, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def main() -> None:
    """Answer requests until the other side closes; memory, CPU and the writing of files are limited."""
    limit(resource.RLIMIT_AS, MEMORY_LIMIT_BYTES)
    limit(resource.RLIMIT_CORE, 0)  # a core file would hold the patient's data
    limit(resource.RLIMIT_FSIZE, 0)  # nothing is written: no files are needed to print
    from planner.documents import documents

    documents.warm_up()
    with socket.socket(fileno=sys.stdin.fileno()) as connection:
        while (request := receive(connection)) is not None:
            used = resource.getrusage(resource.RUSAGE_SELF)
            limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + CPU_SECONDS_PER_DOCUMENT)
            send(connection, _answer(request, documents.make))


def _answer(request: bytes, make: Callable[[str, Data, Data], bytes]) -> bytes:
    asked = json.loads(request)
    try:
        return b"+" + make(asked["document"], asked["case"], asked["plan"])
    except Exception as error:
        # The web process must hear of whatever went wrong, but only by name: a message may hold what the record holds.
        return b"-" + type(error).__name__.encode()


if __name__ == "__main__":
    main()
