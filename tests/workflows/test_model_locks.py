"""A lock names the models that a step asks, by the digest of their weights where these lie here."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workflows.operators import Asks, Length
from tools.errors import RecipeError
from workflows.check import check
from workflows.loader import load
from workflows.lock import LockedOperator, _sides
from workflows.model_locks import LockedModel, locked_models

sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox" / "models"))
from plain_model import change, write_model

Locks = Callable[[], dict[str, LockedModel]]


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of weights, known as local/small."""
    monkeypatch.setenv("WINNOW_MODELS", str(tmp_path / "models.toml"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "models.toml").write_text('["local/small"]\nfolder = "weights"\n[far]\nurl = "https://m.example.com/v1"\nmodel = "m-1"\n')
    return Path(write_model(tmp_path / "weights"))


def locked(models: dict[str, LockedModel]) -> LockedOperator:
    return LockedOperator(operator="asks@1", source="x", params={"model": "local/small"}, models=models)


def test_an_operator_without_a_model_locks_none() -> None:
    assert locked_models(Length(at_least=1)) == {}
    assert "models" not in locked({}).model_dump()


def test_weights_on_this_machine_are_locked_by_digest(model: Path) -> None:
    before = locked_models(Asks())
    assert before["model"].alias == "local/small"
    assert before["model"].sha256 is not None
    assert locked_models(Asks()) == before
    assert LockedOperator.model_validate_json(locked(before).model_dump_json()) == locked(before)


def test_other_weights_under_the_same_name_are_a_difference(model: Path) -> None:
    before = locked(locked_models(Asks()))
    change(model, "config.json", layer_norm_eps=1e-6)
    (said,) = _sides("step", {"a": before}, {"a": locked(locked_models(Asks()))})
    assert said.startswith("step 'a': model 'local/small' was sha256 ")
    assert list(_sides("step", {"a": before}, {"a": before})) == []


def test_of_a_model_at_a_server_its_name_is_all_that_is_known(model: Path) -> None:
    assert locked_models(Asks(model="far"))["model"] == LockedModel(alias="far", model="m-1")


def test_a_model_that_may_not_be_loaded_locks_nothing(model: Path) -> None:
    (model / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(RecipeError, match=r"model 'local/small': pytorch_model\.bin: can carry code"):
        locked_models(Asks())
    with pytest.raises(RecipeError, match="no model 'smal'"):
        locked_models(Asks(model="smal"))


@pytest.mark.parametrize("padding", [None, {"strategy": {"Fixed": 10**9}}])
def test_a_table_that_makes_much_of_little_is_refused_by_the_checker(model: Path, padding: object) -> None:
    change(model, "tokenizer.json", padding=padding)
    recipe = load(
        "winnow: 1\nname: t\nsources: {rows: {path: rows.jsonl}}\nsteps:\n"
        f"  - {{id: a, op: tokens, from: rows, on: text, with: {{tokenizer: {model}/tokenizer.json}}}}\n"
        "outputs: {out: {from: a, path: out.jsonl}}\n"
    ).recipe
    (model / "rows.jsonl").write_text('{"text": "abc"}\n')
    for _ in range(2):  # looked at, and remembered
        said = list(map(str, check(recipe, model, model / "cache").errors))
        assert said == [] if padding is None else "padding says Fixed 1,000,000,000" in said[0]
