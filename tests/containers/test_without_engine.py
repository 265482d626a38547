"""What is said and done where an engine fails; no engine needed."""

from types import SimpleNamespace

import pytest

from harness.errors import MissingToolError
from harness.model.command import Bound, Finished
from harness.runners.containers.confinement import LABEL
from harness.runners.containers.pool import Pool
from harness.runners.docker import Docker
from tests.containers import attack_table


def test_one_container_that_cannot_be_removed_keeps_no_other(tmp_path):
    pool = Pool(None, "image", tmp_path)
    removed = []

    def container(number):
        def remove():
            removed.append(number)
            if number != 2:
                raise MissingToolError(f"no {number}")

        return SimpleNamespace(remove=remove, purpose=None)

    class Hashed(SimpleNamespace):
        __hash__ = object.__hash__

    pool._live = {Hashed(**vars(container(number))) for number in range(5)}
    with pytest.raises(MissingToolError):
        pool.close()
    assert sorted(removed) == list(range(5))
    assert len(pool._live) == 4


@pytest.mark.parametrize(
    ("finished", "told"),
    [
        (Finished(1, b"", b"cat: no such file", 0.1), "do not see this machine's files"),
        (Finished(-9, b"", b"", 60.0, timed_out=True), "did not answer within 60 s"),
        (Finished(-9, b"", b"", 1.0, bound=Bound.MEMORY), "met its bound on memory"),
        (Finished(-9, b"", b"", 1.0, bound=Bound.TAMPERED), "said what no worker"),
        (Finished(127, b"", b"", 1.0, not_started="/bin/sh: no"), "/bin/sh: no"),
    ],
)
def test_a_first_container_that_ends_early_says_nothing_of_files(tmp_path, finished, told):
    container = SimpleNamespace(handed=tmp_path)
    given = []
    docker = SimpleNamespace(
        pool=SimpleNamespace(take=lambda _: container, give_back=given.append),
        executor=SimpleNamespace(ask=lambda *_: finished),
        environment={},
        image=SimpleNamespace(id="sha256:0123456789abcdef"),
    )
    with pytest.raises(MissingToolError, match=told):
        Docker._probe(docker, None)
    assert given == [container]


class Engine:
    """Tells of one container of process 7 in the first looks, then of none or of an error."""

    def __init__(self, looks, *, then_fails=False):
        self.api, self.looks, self.then_fails = self, looks, then_fails

    def containers(self, **_):
        self.looks -= 1
        if self.looks < 0 and self.then_fails:
            self.then_fails = False
            raise MissingToolError("the engine is gone")
        return [{"Id": "a" * 64, "Labels": {LABEL: '{"pid": 7}'}}] if self.looks >= 0 else []

    def close(self):
        pass


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    ("engine", "left"),
    [
        (Engine(1), ()),
        (Engine(0), ("no container was seen",)),
        (Engine(1, then_fails=True), ("not all containers were seen",)),
    ],
    ids=["seen", "unseen", "engine gone"],
)
def test_a_watcher_that_saw_nothing_does_not_say_that_nothing_was_left(monkeypatch, engine, left):
    monkeypatch.setattr(attack_table, "connect", lambda: engine)
    watcher = attack_table._Watcher(7)
    watcher._thread.join(1)
    assert watcher.left() == left
