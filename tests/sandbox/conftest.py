"""A jail of the lowest tier that counts, which needs no package: what can be tested on any Linux."""

import sys
from pathlib import Path

import pytest

from sandbox import landlock, seccomp
from sandbox.jail import Jail
from sandbox.layers import PIP_ONLY

HERE = str(Path(__file__).parent)
CAN = landlock.version() and seccomp.is_known()


@pytest.fixture(scope="session", autouse=True)
def _cells_can_be_imported():
    sys.path.insert(0, HERE)
    yield
    sys.path.remove(HERE)


@pytest.fixture(scope="module")
def jail():
    if not CAN:
        pytest.skip("this kernel has no Landlock or no seccomp: NOTHING OF THE JAIL IS TESTED HERE")
    with Jail(PIP_ONLY, preload=["cells"]) as made:
        yield made
