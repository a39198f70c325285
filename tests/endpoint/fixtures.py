"""The test server as fixtures. tests/conftest.py names them, so that every test can ask for `server`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .server import Server


@pytest.fixture(scope="session")
def endpoint_server() -> "Iterator[Server]":
    """One server for all tests of this process: starting one takes a tenth of a second."""
    from .server import Server

    with Server() as made:
        yield made


@pytest.fixture
def server(endpoint_server: "Server") -> "Server":
    """That server with nothing in its script, in the mode `scripted`, without faults."""
    return endpoint_server.reset("scripted")
