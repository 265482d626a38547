"""Tests with a real engine: where none is, they say so; in CI that is a failure."""

import json
import os

import pytest

from harness.errors import MissingToolError
from harness.runners.containers.confinement import LABEL
from harness.runners.containers.engine import connect
from harness.runners.containers.image import find_image
from harness.runners.containers.owner import is_gone
from harness.runners.containers.pool import remove_orphans


def _engine():
    client = connect()
    find_image(client)
    return client


@pytest.fixture(scope="session")
def engine():
    """A connection to the engine, which has the image."""
    try:
        return _engine()
    except MissingToolError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must have an engine and the image: {error}")
        pytest.skip(f"not tried here: {error}")


@pytest.fixture
def containers(engine):
    """What tells the containers of a harness, or of harnesses that have ended, by their ids.

    Others may be running beside the tests: theirs are none of ours. A test that leaves any of
    its own has failed.
    """

    def ids(pid=None):
        found = engine.api.containers(all=True, filters={"label": [LABEL]})
        labels = {each["Id"]: each["Labels"][LABEL] for each in found}
        if pid is not None:
            return {each for each, label in labels.items() if json.loads(label)["pid"] == pid}
        return {each for each, label in labels.items() if is_gone(label)}

    remove_orphans(engine)
    yield ids
    assert not ids(), "a container was left behind"
