"""The test server as fixtures: `from tests.endpoint.fixtures import endpoint_server, server  # noqa: F401` in a conftest or a test file."""

import pytest

from .server import Server


@pytest.fixture(scope="session")
def endpoint_server():
    """One server for all tests of this process: starting one takes a tenth of a second."""
    with Server() as made:
        yield made


@pytest.fixture
def server(endpoint_server):
    """That server with nothing in its script, in the mode `scripted`."""
    return endpoint_server.reset("scripted")
