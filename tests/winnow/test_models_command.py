"""`winnow models`: what people configure, see and try."""

from pathlib import Path

import pytest

from tests.endpoint.server import Server
from tests.winnow.conftest import Call
from winnow.commands import house


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WINNOW_MODELS", str(tmp_path / "config" / "models.toml"))
    return tmp_path / "config" / "models.toml"


def test_a_model_is_added_listed_and_removed(call: Call, file: Path) -> None:
    assert call("models", "add", "far", "--url", "https://m.example.com/v1", "--model", "m", "--key-env", "FAR_KEY").code == 0
    assert call("models", "add", "near", "--url", "http://127.0.0.1:1/v1", "--model", "n", "--small").code == 0
    far, near = call("models", "list", "--json").json["models"]
    assert (far["alias"], far["leaves_machine"], far["key_is_set"]) == ("far", True, False)
    assert (near["alias"], near["leaves_machine"], near["key_is_set"], near["small"]) == ("near", False, True, True)
    shown = call("models", "list").out
    assert "leaves this machine, to m.example.com" in shown
    assert "$FAR_KEY, which is not set" in shown
    assert call("models", "remove", "far", "--json").json["alias"] == "far"
    assert [one["alias"] for one in call("models", "list", "--json").json["models"]] == ["near"]
    assert "[near]" in file.read_text()


def test_nobody_is_asked_but_by_probe(call: Call, server: Server) -> None:
    call("models", "add", "here", "--url", server.url, "--model", "m")
    call("models", "list")
    assert [name for name, found, *_ in house._models() if "on this machine" in found] == ["model here"]
    assert not server.asked + server.probes


@pytest.mark.parametrize(("mode", "held"), [("random", "held to a schema by its server"), ("ignores", "holds it to nothing")])
def test_a_probe_says_how_the_model_is_held(call: Call, server: Server, mode: str, held: str) -> None:
    server.reset(mode)
    call("models", "add", "here", "--url", server.url, "--model", "m")
    said = call("models", "probe", "here")
    assert (said.code, held in said.out, "stays on this machine" in said.out) == (0, True, True)
    told = call("models", "probe", "here", "--json").json["model"]
    assert told["mode"] in ("json_schema", "prompt")
    assert told["tokens"] > 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("probe", "her"), 2, "did you mean 'here'?"),
        (("probe", "here"), 1, "is the server running"),
        (("remove", "none"), 2, "no model 'none'"),
        (("add", "here", "--url", "http://h/v1", "--model", "m"), 2, "there is a model 'here' already"),
        (("add", "new", "--url", "h", "--model", "m"), 2, "http://HOST:PORT/v1"),
        (("add", "new", "--url", "http://h/v1", "--model", "m", "--key-env", "sk-0123456789ab"), 2, "this looks like a key"),
        (("add", "new"), 2, "either `url` or `folder`"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(call: Call, arguments: tuple[str, ...], code: int, said: str) -> None:
    call("models", "add", "here", "--url", "http://127.0.0.1:9/v1", "--model", "m")
    got = call("models", *arguments)
    assert (got.code, said in got.err, "Traceback" in got.err) == (code, True, False)


def test_a_file_with_faults_is_shown_line_by_line(call: Call, file: Path) -> None:
    file.parent.mkdir()
    file.write_text('[a]\nurl = "http://h/v1"\nmodl = "m"\n')
    assert f"{file}:3: [a] no key 'modl'; did you mean 'model'?" in call("models", "list").err
    assert [(name, is_well) for name, _, is_well, _ in house._models()] == [("models", False)]
