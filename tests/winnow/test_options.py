"""How NAME=PATH is read."""

from pathlib import Path

import pytest

from winnow.answer import BadUsage
from winnow.options import named_inputs


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["a.jsonl"], ["a"]),
        (["data/sms_spam.jsonl.zst"], ["sms_spam"]),
        (["data/posts/"], ["posts"]),
        (["data/posts/*.parquet"], ["posts"]),
        (["a/x.jsonl", "b/x.jsonl", "c/x.csv"], ["x", "x_2", "x_3"]),
        (["evals=e.csv", "rows=r.csv"], ["evals", "rows"]),
        (["-"], ["stdin"]),
        (["2024-01.jsonl"], ["input_2024_01"]),
        (["*.jsonl"], ["input"]),
        (["rows=a=b.jsonl"], ["rows"]),
        (["./a b (1).jsonl"], ["a_b_1"]),
    ],
)
def test_inputs_get_names(given, names):
    assert list(named_inputs(given)) == names


def test_the_only_source_of_a_recipe_takes_a_bare_path():
    assert list(named_inputs(["somewhere/else.csv"], ("chat",))) == ["chat"]
    assert list(named_inputs(["somewhere/else.csv"], ("chat", "evals"))) == ["else"]


def test_paths_start_here_not_at_the_recipe(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert named_inputs(["x/../a.jsonl", "b=-"]) == {"a": str(tmp_path / "a.jsonl"), "b": "-"}
    assert named_inputs(["posts/"]) == {"posts": f"{tmp_path}/posts/"}


def test_a_file_whose_name_holds_an_equals_sign_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("day=1.jsonl").touch()
    assert named_inputs(["day=1.jsonl"]) == {"day_1": str(tmp_path / "day=1.jsonl")}


@pytest.mark.parametrize("given", [["a=x", "a=y"], [""]])
def test_what_cannot_be_meant_is_bad_usage(given):
    with pytest.raises(BadUsage, match="--input"):
        named_inputs(given)
