"""The render process: limited, replaced, told nothing it need not know, and never the end of printing."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from paper import example, printed

from planner.documents import PrintFailed, clinician_pdf
from planner.documents.process import SHARED, RenderProcess

on_linux = pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="reads /proc")


@pytest.fixture
def renderer() -> Iterator[RenderProcess]:
    made = RenderProcess(wall_limit=20)
    yield made
    made.close()


def test_gives_the_same_bytes_as_rendering_here(renderer: RenderProcess) -> None:
    assert renderer.render("clinician", *example("e")) == printed("clinician", "e")


def test_the_public_function_prints_in_the_process_and_here() -> None:
    case, plan = example("e")
    assert clinician_pdf(case, plan) == clinician_pdf(case, plan, in_process=True)


def test_one_process_serves_many_documents(renderer: RenderProcess) -> None:
    renderer.render("patient", *example("e"))
    first = renderer.pid
    renderer.render("patient", *example("e"))
    assert first is not None
    assert renderer.pid == first


def test_the_process_is_replaced_after_its_share_of_documents() -> None:
    renderer = RenderProcess(documents_at_most=2)
    seen = []
    for _ in range(4):
        renderer.render("patient", *example("e"))
        seen.append(renderer.pid)
    renderer.close()
    assert len(set(seen)) == 3  # the pid after the second and the fourth document is the next worker's


def test_a_killed_process_is_an_error_once_and_the_next_document_is_printed(renderer: RenderProcess) -> None:
    renderer.render("patient", *example("e"))
    pid = renderer.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    killer = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
    killer.start()
    with pytest.raises(PrintFailed, match="ended before the document was made"):
        renderer.render("patient", *example("e"))
    assert renderer.render("patient", *example("e")) == printed("patient", "e")
    assert renderer.pid != pid


def test_a_process_that_died_between_two_documents_is_not_even_noticed(renderer: RenderProcess) -> None:
    renderer.render("patient", *example("e"))
    pid = renderer.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while renderer.pid is not None:
        time.sleep(0.01)
    assert renderer.render("patient", *example("e")) == printed("patient", "e")


def test_a_process_that_hangs_is_stopped_at_the_wall_limit_and_replaced(renderer: RenderProcess) -> None:
    renderer.render("patient", *example("e"))
    pid = renderer.pid
    assert pid is not None
    renderer.wall_limit = 0.5
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(PrintFailed, match=r"more than 0\.5 seconds and was stopped"):
        renderer.render("patient", *example("e"))
    renderer.wall_limit = 20
    assert renderer.render("patient", *example("e")) == printed("patient", "e")


def test_a_document_that_cannot_be_made_says_so_without_naming_anybody(renderer: RenderProcess) -> None:
    case, plan = example("e")
    del plan["summary"]
    with pytest.raises(PrintFailed) as caught:
        renderer.render("patient", case, plan)
    assert "KeyError" in str(caught.value)
    assert "Banks" not in str(caught.value)
    assert renderer.render("patient", *example("e")) == printed("patient", "e")


@on_linux
def test_the_process_is_told_none_of_our_secrets(renderer: RenderProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THROUGHLINE_KEY", "secret-5521")
    renderer.render("patient", *example("e"))
    assert b"secret-5521" not in Path(f"/proc/{renderer.pid}/environ").read_bytes()


@on_linux
def test_the_process_has_limits(renderer: RenderProcess) -> None:
    renderer.render("patient", *example("e"))
    rows = Path(f"/proc/{renderer.pid}/limits").read_text().splitlines()
    soft = {row[:26].strip(): row[26:].split()[0] for row in rows[1:]}
    assert soft["Max address space"] == str(1024**3)
    assert soft["Max core file size"] == "0"
    assert soft["Max file size"] == "0"
    assert int(soft["Max cpu time"]) <= 60


def test_a_forked_server_starts_its_own(renderer: RenderProcess) -> None:
    case, plan = example("e")
    clinician_pdf(case, plan)
    ours = SHARED.pid
    child = os.fork()
    if child == 0:
        try:
            same = clinician_pdf(case, plan) == printed("clinician", "e") and SHARED.pid != ours
            SHARED.close()
        except BaseException:
            same = False
        os._exit(0 if same else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert SHARED.pid == ours
    assert clinician_pdf(case, plan) == printed("clinician", "e")


def test_documents_asked_for_at_the_same_time_are_printed_one_after_the_other(renderer: RenderProcess) -> None:
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(renderer.render("patient", *example("e")))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [printed("patient", "e")] * 4
