"""models.toml: what stands in it, what must not, and how its faults are named."""

import tomllib
from pathlib import Path

import pytest

from sandbox.gateway import Endpoint
from sandbox.gateway.endpoints import find, place, read
from sandbox.gateway.endpoints_file import add, remove
from sandbox.gateway.errors import Misconfigured

GOOD = """# my models
[small]
url = "http://127.0.0.1:8000/v1/"
model = "qwen3-4b"   # the small one
small = true

["local/big"]
folder = "weights"

[far]
url = "https://models.example.com/v1"
model = "m"
key_env = "FAR_KEY"
price_in = 2.5

[far.headers]
x-key = "$FAR_OTHER"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "models.toml"
    made.write_text(GOOD)
    return made


def test_what_stands_there_is_read(path: Path) -> None:
    known = read(path)
    assert list(known) == ["small", "local/big", "far"]
    assert known["small"].url == "http://127.0.0.1:8000/v1"
    assert known["small"].small
    assert known["local/big"].folder == path.parent / "weights"
    assert known["far"].headers == {"x-key": "$FAR_OTHER"}


def test_the_file_of_the_docs_is_right(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "models.md").read_text()
    (tmp_path / "models.toml").write_text(page.partition("```toml\n")[2].partition("```")[0])
    assert list(read(tmp_path / "models.toml")) == ["small", "local/big", "far"]


def test_no_file_is_no_model(tmp_path: Path) -> None:
    assert read(tmp_path / "models.toml") == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('modl = "x"', "4: [a] no key 'modl'; did you mean 'model'?"),
        ('api_key = "sk-1234567890abcdef"', "4: [a] api_key: keys never stand in this file"),
        ('key_env = "sk-1234567890abcdef"', "4: [a] key_env: this looks like a key; write the NAME"),
        ('key_env = "a1b2c3d4e5f6a7b8c9d0e1f2"', "4: [a] key_env: this looks like a key"),
        ('headers = {x-thing = "Bearer abcdefgh"}', "4: [a] headers: the value of 'x-thing' looks like a key; write $NAME"),
        ('headers = {authorization = "abc"}', "4: [a] headers: the value of 'authorization' looks like a key"),
        ("timeout_seconds = -1", "4: [a] timeout_seconds = -1: Input should be greater than 0"),
        ('context_tokens = "many"', "4: [a] context_tokens = 'many': Input should be a valid integer"),
        ('proxy = "http://u:secret9@h:1"', "4: [a] proxy: "),
    ],
)
def test_a_fault_is_named_with_line_key_and_mend_and_never_with_a_key(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "models.toml"
    path.write_text(f'[a]\nurl = "http://h/v1"\nmodel = "m"\n{line}\n')
    with pytest.raises(Misconfigured) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}:{said}")
    assert not any(secret in str(raised.value) for secret in ("sk-1", "a1b2", "abcdefgh", "secret9"))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('url = "http://h/v1"', "`model` is missing"),
        ('model = "m"', "either `url` or `folder`"),
        ('url = "http://h/v1"\nmodel = "m"\nfolder = "f"', "either `url` or `folder`"),
        ('url = "ftp://h"\nmodel = "m"', "http://HOST:PORT/v1"),
        ('url = "http://u:secret9@h/v1"\nmodel = "m"', "may carry a secret"),
        ('url = "http://h/v1?key=secret9"\nmodel = "m"', "may carry a secret"),
    ],
)
def test_an_endpoint_is_here_or_there(tmp_path: Path, table: str, said: str) -> None:
    path = tmp_path / "models.toml"
    path.write_text(f"[a]\n{table}\n")
    with pytest.raises(Misconfigured) as raised:
        read(path)
    assert said in str(raised.value)
    assert "secret9" not in str(raised.value)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text('[a]\nurl = 1\nmodel = "m"\n[b]\nmodel = "m"\n')
    with pytest.raises(Misconfigured) as raised:
        read(path)
    assert len(str(raised.value).splitlines()) == 2


@pytest.mark.parametrize("text", ["[a", "a = ", "[gpt-4.1]\nurl = 'http://h/v1'", "a = 1", "\udcff"])
def test_what_is_no_table_of_models_is_an_error_of_ours(tmp_path: Path, text: str) -> None:
    path = tmp_path / "models.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Misconfigured, match=r"models\.toml"):
        read(path)


@pytest.mark.parametrize(
    ("url", "leaves"),
    [
        ("http://127.0.0.1:1/v1", False),
        ("http://127.8.9.1/v1", False),
        ("http://localhost/v1", False),
        ("http://[::1]:8/v1", False),
        ("http://192.168.0.3/v1", True),
        ("https://models.example.com/v1", True),
        ("http://localhost.example.com/v1", True),
        ("http://0x7f000001/v1", True),
    ],
)
def test_it_is_known_what_leaves_the_machine(url: str, leaves: bool) -> None:
    assert Endpoint(alias="a", url=url, model="m").leaves_machine is leaves


def test_a_proxy_takes_it_elsewhere() -> None:
    assert Endpoint(alias="a", url="http://127.0.0.1/v1", model="m", proxy="http://proxy.example.com:1").leaves_machine
    assert not Endpoint(alias="a", folder=Path("f")).leaves_machine


def test_an_unknown_alias_is_met_with_the_nearest(path: Path) -> None:
    with pytest.raises(Misconfigured, match="did you mean 'small'"):
        find("smal", path)
    with pytest.raises(Misconfigured, match="winnow models add zzz"):
        find("zzz", path)


def test_the_file_is_found_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WINNOW_MODELS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert place() == tmp_path / "winnow" / "models.toml"
    monkeypatch.setenv("WINNOW_MODELS", "/else/where.toml")
    assert place() == Path("/else/where.toml")


@pytest.mark.parametrize("alias", ["small", "local/big", "far"])
def test_taking_out_leaves_the_rest_as_it_was(path: Path, alias: str) -> None:
    before = tomllib.loads(GOOD)
    remove(alias, path)
    assert tomllib.loads(path.read_text()) == {name: table for name, table in before.items() if name != alias}
    assert ("# my models" in path.read_text()) is True


def test_what_is_put_in_is_read_again(path: Path) -> None:
    add("new one/2".replace(" ", "-"), {"url": "http://127.0.0.1:1/v1", "model": 'a "quoted"\\name é', "small": True, "price_in": 0.5}, path)
    made = read(path)["new-one/2"]
    assert (made.model, made.small, made.price_in) == ('a "quoted"\\name é', True, 0.5)
    assert path.read_text().startswith(GOOD.rstrip())


def test_what_is_wrong_is_not_put_in(path: Path) -> None:
    for alias, table in (("small", {"folder": "x"}), ("new", {"url": "no"}), ("white space", {"folder": "x"})):
        with pytest.raises(Misconfigured):
            add(alias, table, path)
    assert path.read_text() == GOOD


def test_a_table_that_cannot_be_taken_out_safely_stays(tmp_path: Path) -> None:
    path = tmp_path / "models.toml"
    path.write_text('a = {folder = "f"}\n[b]\nfolder = "g"\n')
    with pytest.raises(Misconfigured, match="by hand"):
        remove("a", path)
    assert len(read(path)) == 2
