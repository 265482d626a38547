"""A harness that is killed leaves nothing that runs, and the next one removes the rest."""

import os
import random
import signal
import time

import pytest

from harness.runners.containers import owner
from tests.command_line import Page, harness, started, wait_for

pytestmark = [pytest.mark.containers, pytest.mark.compiler]

MOMENTS = 20
AT_ONCE = 2
"""Harnesses side by side: each start removes only what dead ones left."""


def page():
    page = Page()
    for n in range(4):
        page.add(f"good {n}", f"let x = {n};\nassert_eq!(x, {n});")
    sleep = "std::thread::sleep(std::time::Duration::from_secs(60));"
    page.add("sleeps", f'std::process::Command::new("sleep").arg("99").spawn().unwrap();\n{sleep}')
    return page


def running(engine, ids):
    return [i for i in ids if is_running(engine, i)]


def is_running(engine, container):
    """Another harness that starts may just have removed it."""
    from docker.errors import NotFound  # noqa: PLC0415 - an extra, which other sessions lack

    try:
        return engine.inspect_container(container)["State"]["Running"]
    except NotFound:
        return False


def test_killed_at_any_moment_it_leaves_nothing(engine, containers, tmp_path):
    cache = tmp_path / "cache"
    file = page().write(tmp_path / "book")
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    moments = random.Random(seed)
    left = 0
    for _ in range(MOMENTS // AT_ONCE):
        processes = [
            started(
                "test", file.name, "--runner", "docker", "--no-cache", "--timeout", "60",
                cwd=file.parent, cache=cache,
            )
            for _ in range(AT_ONCE)
        ]  # fmt: skip
        begun = time.monotonic()
        until = sorted(moments.uniform(0.3, 6.0) for _ in processes)
        for process, moment in zip(processes, until, strict=True):
            time.sleep(max(0.0, begun + moment - time.monotonic()))
            process.kill()
            process.communicate()
            left = max(left, len(containers()))
    assert left, "no moment was one at which containers were there"
    # What such a harness had started ends by itself, within seconds.
    assert wait_for(lambda: not running(engine.api, containers()), seconds=30)
    done = harness("check", file.name, "--runner", "docker", cwd=file.parent, cache=cache)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not containers()
    assert not list((cache / "runs").glob("run-*"))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_told_to_end_it_removes_its_containers(containers, tmp_path, sign):
    file = page().write(tmp_path / "book")
    process = started(
        "test", file.name, "--runner", "docker", "--no-cache", "--timeout", "60",
        cwd=file.parent, cache=tmp_path / "cache",
    )  # fmt: skip
    assert wait_for(lambda: len(containers(process.pid)) >= 2, seconds=60)
    time.sleep(1)
    process.send_signal(sign)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert not containers(process.pid)


def test_an_owner_that_lives_is_told_from_one_that_is_gone():
    own = owner.own_label()
    assert owner.is_gone(own) is False
    assert owner.is_gone(own.replace(f'"pid": {os.getpid()}', '"pid": 1')) is True
    assert owner.is_gone(own.replace('"boot": "', '"boot": "x')) is None
    assert owner.is_gone("not a label") is None
