"""Purposes in, fresh containers out: made ahead of need, two at a time, and all removed."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.runners.containers.confinement import LABEL, RUNNING, Purpose, wanted
from harness.runners.containers.container import Container
from harness.runners.containers.engine import create, told_plainly
from harness.runners.containers.owner import is_gone, own_label

if TYPE_CHECKING:
    from docker import DockerClient

AT_A_TIME = 2
"""How many containers are made, or taken away, side by side."""
_AGE_SECONDS = 3600
"""After this long, what another machine left and does not run is not about to be started."""


class Pool:
    """Gives containers, each to one user, and takes all of them away at its end."""

    def __init__(
        self, client: "DockerClient", image: str, folder: Path, runtime: str | None = None
    ) -> None:
        self._client = client
        self._image = image
        self._folder = folder
        self._runtime = runtime
        self._owner = own_label()
        self._lock = threading.Lock()
        self._count = 0
        self._ahead: dict[Purpose, deque[Future[Container]]] = {}
        self._live: set[Container] = set()
        self._used: set[Container] = set()
        self._is_closed = False
        self._makers = ThreadPoolExecutor(AT_A_TIME, "containers")
        self._removers = ThreadPoolExecutor(AT_A_TIME, "containers-removed")
        self.engine_seconds: list[float] = []
        """Of each container that was used and removed."""

    def take(self, purpose: Purpose, *, more: int = 1) -> Container:
        """A fresh container; `more` others of its purpose are begun for later."""
        with self._lock:
            ahead = self._ahead.setdefault(purpose, deque())
            while len(ahead) < 1 + more:
                ahead.append(self._makers.submit(self._make, purpose))
            future = ahead.popleft()
        container = future.result()
        container.wait_until_ready()
        with self._lock:
            self._used.add(container)
        return container

    def put_ahead(self, container: Container) -> None:
        """Let a container be taken that nobody but the harness itself has used."""
        waiting: Future[Container] = Future()
        waiting.set_result(container)
        with self._lock:
            self._used.discard(container)
            self._ahead.setdefault(container.purpose, deque()).appendleft(waiting)

    def give_back(self, container: Container) -> None:
        """Remove a container that was used; in the background."""
        with self._lock:
            if not self._is_closed:
                self._removers.submit(self._remove, container)
                return
        self._remove(container)

    @contextmanager
    def one(self, purpose: Purpose) -> Iterator[Container]:
        """A fresh container for as long as the block lasts, and no other made for later."""
        container = self.take(purpose, more=0)
        try:
            yield container
        finally:
            self.give_back(container)

    def kill(self) -> None:
        """End all that runs in any container, at once."""
        with self._lock:
            self._is_closed = True
            live = tuple(self._live)
        for container in live:
            container.kill()

    def close(self) -> None:
        """Remove every container, also those that were made for later."""
        with self._lock:
            self._is_closed = True
        self._makers.shutdown(wait=True, cancel_futures=True)
        self._removers.shutdown(wait=True)
        with ExitStack() as removing:  # whichever fails, the others are removed
            for container in tuple(self._live):
                removing.callback(self._remove, container)

    def _make(self, purpose: Purpose) -> Container:
        with self._lock:
            self._count += 1
            folder = self._folder / f"handed-{self._count:06}"
        container = Container(
            self._client, purpose, self._image, folder, self._owner, self._runtime
        )
        with self._lock:
            self._live.add(container)
            is_late = self._is_closed
        if is_late:
            container.kill()
        return container

    def _remove(self, container: Container) -> None:
        container.remove()
        with self._lock:
            self._live.discard(container)
            if container in self._used:
                self.engine_seconds.append(container.engine_seconds)


def starts_without_files(client: "DockerClient", image: str, runtime: str | None) -> bool:
    """Whether a container runs that is given no file of this machine, and is else as ours are."""
    from docker.errors import DockerException  # noqa: PLC0415
    from requests.exceptions import RequestException  # noqa: PLC0415

    purpose = Purpose("bare", RUNNING, ())
    bare = wanted(purpose, image, None, own_label(), runtime)
    bare = replace(bare, container={**bare.container, "command": ["/usr/bin/perl", "-e", "exit 0"]})
    try:
        container = create(client, bare)
        try:
            client.api.start(container)
            return bool(client.api.wait(container, timeout=60)["StatusCode"] == 0)
        finally:
            client.api.remove_container(container, v=True, force=True)
    except (DockerException, RequestException):
        return False


def remove_orphans(client: "DockerClient") -> int:
    """Remove the containers that a harness left that was killed; how many there were."""
    from docker.errors import DockerException  # noqa: PLC0415

    removed = 0
    with told_plainly("list containers"):
        found = client.api.containers(all=True, filters={"label": [LABEL]})
    for told in found:
        gone = is_gone(told.get("Labels", {}).get(LABEL, ""))
        is_idle = told.get("State") != "running" and told.get("Created", 0) < (
            time.time() - _AGE_SECONDS
        )
        if gone or (gone is None and is_idle):
            with suppress(DockerException):  # another harness may be doing the same
                client.api.remove_container(told["Id"], v=True, force=True)
                removed += 1
    return removed
