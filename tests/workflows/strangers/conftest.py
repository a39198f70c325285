"""What these tests share: short limits, a state folder of their own, and no test at all where no jail holds."""

import pytest

from workflows import jailing
from workflows.strangers import asking


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory):
    if refusal := jailing.refusal():
        pytest.skip(f"NOT TESTED: {refusal}")
    monkeypatch.setattr(asking, "SECONDS", 1)
    monkeypatch.setattr(asking, "SECONDS_TO_DESCRIBE", 2)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
