"""A model in a folder, asked in process: held to a schema by its grammar, whatever its weights say. They are random here."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.gateway import Ask, Budget, Endpoint, Gateway, Message
from sandbox.gateway.errors import Cancelled, Misconfigured, Rejected, Unreadable
from tests.endpoint.tiny import make

pytestmark = pytest.mark.slow  # torch and transformers take seconds to load
SCHEMA = {
    "type": "object",
    "properties": {"op": {"enum": ["words", "keep"]}, "at_least": {"type": "integer", "minimum": 1, "maximum": 9}},
    "required": ["op", "at_least"],
    "additionalProperties": False,
}
ASK = Ask((Message("system", "You plan."), Message("user", "Keep it.")), SCHEMA, most_tokens=200, temperature=1.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def model(folder: Path) -> Gateway:
    return Gateway(Endpoint(alias="tiny", folder=folder, context_tokens=2048), budget=Budget())


def test_random_weights_write_what_the_grammar_allows_and_the_same_again(model: Gateway) -> None:
    heard: list[str] = []
    replies = [model.ask(replace(ASK, seed=seed), heard=heard.append) for seed in (1, 2, 1)]
    assert replies[0].text == replies[2].text != replies[1].text
    for reply in replies:
        assert (reply.mode, reply.mended, reply.estimated) == ("grammar", False, False)
        assert json.loads(reply.text) == reply.data
        assert reply.data is not None
        assert reply.data["op"] in ("words", "keep")
        assert 1 <= reply.data["at_least"] <= 9
    assert "".join(heard) == "".join(reply.text for reply in replies)
    assert len(heard) > 6


def test_no_end_is_said_to_be_none(model: Gateway) -> None:
    with pytest.raises(Unreadable, match="cut at the limit of 5 tokens"):
        model.ask(Ask(ASK.messages, SCHEMA, most_tokens=5))


def test_it_stops_when_nobody_wants_it(model: Gateway) -> None:
    asked: list[float] = []
    with pytest.raises(Cancelled):
        model.ask(Ask(ASK.messages, most_tokens=1500), cancelled=lambda: asked.append(time.monotonic()) is None and len(asked) > 5)
    assert len(asked) < 20


def test_what_no_grammar_can_say_is_refused_before_a_word(model: Gateway) -> None:
    with pytest.raises(Rejected, match="no grammar"):
        model.ask(Ask(ASK.messages, {"type": "object", "not": {"required": ["x"]}}))


def test_what_does_not_fit_into_its_context_is_refused(model: Gateway) -> None:
    with pytest.raises(Rejected, match="do not fit"):
        model.ask(Ask((Message("user", "word " * 3_000),), most_tokens=64))


@pytest.mark.parametrize("lacks", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_folder_that_lacks_something_is_named(folder: Path, tmp_path: Path, lacks: str) -> None:
    for path in folder.iterdir():
        if path.name != lacks:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(Misconfigured, match=r"lacks|weights"):
        Gateway(Endpoint(alias="tiny", folder=tmp_path), budget=Budget()).ask(ASK)


def test_a_folder_with_anything_that_could_be_run_is_refused(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(Misconfigured, match=r"pytorch_model\.bin: can carry code"):
        Gateway(Endpoint(alias="tiny", folder=tmp_path), budget=Budget()).ask(ASK)


def test_broken_weights_are_an_error_of_ours(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes()[: 1_000 if path.suffix == ".safetensors" else None])
    with pytest.raises(Misconfigured, match="not loaded"):
        Gateway(Endpoint(alias="tiny", folder=tmp_path), budget=Budget()).ask(ASK)
