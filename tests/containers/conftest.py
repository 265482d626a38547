"""Tests with a real engine: where none is, they say so; in CI that is a failure."""

import os

import pytest

from harness.errors import MissingToolError
from harness.runners.containers.confinement import LABEL
from harness.runners.containers.engine import connect
from harness.runners.containers.image import find_image


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
    """What asks for our containers' ids; none may be there before and after a test."""

    def ids():
        found = engine.api.containers(all=True, filters={"label": [LABEL]})
        return {each["Id"] for each in found}

    before = ids()
    yield ids
    assert ids() <= before, "a container was left behind"
