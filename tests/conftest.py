"""What all tests share."""

import os

from hypothesis import settings

from tests.endpoint.fixtures import endpoint_server, server

__all__ = ["endpoint_server", "server"]  # fixtures

os.environ.setdefault("WINNOW_KERNELS", "ready")  # no test starts a compiler in the background of the others
settings.register_profile("winnow", deadline=None)  # the machine may be busy
settings.load_profile("winnow")
