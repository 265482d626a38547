"""The shell that ends what a killed harness leaves: one for a process, and none starts unseen."""

import secrets
import subprocess
import sys
import threading
import time

import pytest

from harness.runners import guard

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def test_threads_that_start_at_once_share_one(monkeypatch):
    made = []

    class Slow:
        def __init__(self, mark):
            time.sleep(0.05)
            made.append(mark)

    monkeypatch.setattr(guard, "Guard", Slow)
    mark = secrets.token_hex(8)
    threads = [threading.Thread(target=guard.the_guard, args=(mark,)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert made == [mark]


@pytest.fixture
def mark():
    return f"HARNESS_COMMAND={secrets.token_hex(8)}"


@pytest.fixture
def waiting(mark):
    """A guard, and what lets go of it as the death of its process would."""
    waiting = guard.Guard(mark)
    yield waiting
    if not waiting._process.stdin.closed:
        waiting._process.stdin.close()
    waiting._process.wait(30)


@pytest.mark.parametrize("before_exec", [0, 0.4])
def test_what_was_starting_when_its_harness_died_is_ended(waiting, mark, before_exec):
    waiting.starts()
    script = f"sleep {before_exec}; exec env {mark}-1 sleep 60"
    started = subprocess.Popen(["/bin/sh", "-c", script], env={}, start_new_session=True)
    try:
        if not before_exec:
            time.sleep(0.2)
        waiting._process.stdin.close()
        assert started.wait(20) == -9
    finally:
        started.kill()


@pytest.mark.parametrize("end", ["began", "failed"])
def test_what_has_started_or_could_not_is_waited_for_no_longer(waiting, end):
    waiting.starts()
    if end == "began":
        waiting.begins(2**22 + 1)
        waiting.ended(2**22 + 1)
    else:
        waiting.not_started()
    began = time.monotonic()
    waiting._process.stdin.close()
    waiting._process.wait(20)
    assert time.monotonic() - began < 0.9
