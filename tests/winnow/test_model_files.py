"""`winnow models check`: what a person sees of a model's folder."""

import json
import sys
from pathlib import Path

import pytest

from tests.winnow.conftest import Call

sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox" / "models"))
from plain_model import write_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(write_model(tmp_path / "model"))


def test_a_plain_folder_is_shown_with_its_digest(call: Call, folder: Path) -> None:
    said, told = call("models", "check", str(folder)), call("models", "check", str(folder), "--json").json
    assert said.code == 0
    assert "may be loaded: bert, 1,688 values" in said.out
    assert told["sha256"] in said.out
    assert [one["name"] for one in told["files"]] == ["README.md", "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]


def test_a_folder_that_carries_code_is_refused_by_name(call: Call, folder: Path) -> None:
    (folder / "modeling\x1b[31m.py").touch()
    said = call("models", "check", str(folder))
    assert (said.code, "is Python code" in said.out, "\x1b" in said.out) == (1, True, False)
    assert json.loads(call("models", "check", str(folder), "--json").out)["status"] == "refused"


def test_a_name_of_a_hub_is_not_fetched(call: Call) -> None:
    said = call("models", "check", "someone/model")
    assert (said.code, "models are not fetched" in said.out) == (1, True)
