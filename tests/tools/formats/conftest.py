"""A reader with a folder of its own."""

import pytest
from format_files import Reader


@pytest.fixture
def reader(tmp_path) -> Reader:
    return Reader(tmp_path)
