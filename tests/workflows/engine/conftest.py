"""What tests of the engine share: a bench, in memory where the machine has room, and operators that count what they are given."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.workflows.engine import counting
from tests.workflows.engine.bench import Bench
from tools import catalogue


@pytest.fixture
def bench() -> Iterator[Bench]:
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="winnow-test-", dir=place) as name:
        yield Bench(Path(name))


@pytest.fixture(autouse=True)
def counting_operators(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, made in counting.CATALOGUE.items():
        monkeypatch.setitem(catalogue.OPERATORS, name, f"{counting.__name__}:{made.__name__}")
    counting.SEEN.clear()
    yield
    counting.SEEN.clear()
