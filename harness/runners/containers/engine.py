"""The environment in, a connection to the container engine out, or what is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harness.errors import MissingToolError
from harness.runners.containers.confinement import Wanted

if TYPE_CHECKING:
    from docker import DockerClient

_INSTALL = (
    "start Docker, or name its engine with DOCKER_HOST or `docker context use`; "
    "`--runner local` needs no engine, and confines nothing"
)
_TIMEOUT_SECONDS = 120
"""Of one call of the engine; commands in containers have deadlines of their own."""


def connect() -> "DockerClient":
    """The engine that the `docker` command would use; `MissingToolError` where none answers.

    `DOCKER_HOST` names it, else the current context does.
    """
    try:
        import docker  # noqa: PLC0415 - only a run in containers needs it
        from docker.errors import DockerException  # noqa: PLC0415
    except ImportError as error:
        message = (
            "the Docker SDK for Python is not installed; "
            "install the harness with it: `pip install 'markdown-rust-harness[docker]'`"
        )
        raise MissingToolError(message) from error
    try:
        client = docker.from_env(timeout=_TIMEOUT_SECONDS, max_pool_size=32)
        client.ping()
    except (DockerException, OSError) as error:
        message = f"no container engine answers: {error}; {_INSTALL}"
        raise MissingToolError(message) from error
    return client


@contextmanager
def told_plainly(what: str) -> Iterator[None]:
    """Turn what the engine refuses into an error that says what was asked of it."""
    from docker.errors import DockerException  # noqa: PLC0415
    from requests.exceptions import RequestException  # noqa: PLC0415

    try:
        yield
    except (DockerException, RequestException) as error:
        message = f"the container engine refuses to {what}: {error}; {_INSTALL}"
        raise MissingToolError(message) from error


def create(client: "DockerClient", wanted: Wanted) -> str:
    """Have a container made; its id. One call: the SDK's larger objects ask for it again."""
    host = client.api.create_host_config(**wanted.host)
    told = client.api.create_container(**wanted.container, host_config=host)
    return str(told["Id"])
