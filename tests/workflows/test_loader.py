"""Reading recipes: strict YAML, all errors at once, each with its line."""

import random
import time
from pathlib import Path

import pytest

from tools.errors import RecipeError
from workflows.loader import load, load_file

RECIPE = """\
winnow: 1
name: forum-qa
goal: English question-answer pairs, no repeats, at most 20k rows.

sources:
  posts: {path: data/posts/*.parquet, licence: CC-BY-SA-4.0}

steps:
  - id: noise
    op: words@1
    from: posts
    on: body
    with: {at_least: 40, at_most: 1.5e3, ignore: [no, yes, 12:30:45, 2024-01-01, 0x1F, null, true]}
    why: Shorter posts are mostly greetings.
  - id: once
    op: exact_dedup@1
    from: {rows: noise, against: posts}
    on: [title, body]

outputs:
  train: {from: once, path: out/train.parquet}

checks:
  - rows(once) between 15000 and 20000
"""


def errors(text: str) -> list[str]:
    with pytest.raises(RecipeError) as caught:
        load(text)
    return str(caught.value).splitlines()


def test_a_recipe_is_read_with_the_line_of_every_key() -> None:
    loaded = load(RECIPE)
    step = loaded.recipe.steps[0]
    assert (step.id, step.rows, step.on, step.params["at_least"]) == ("noise", "posts", "body", 40)
    assert loaded.lines["steps.0.with.at_least"] == 13
    assert loaded.lines["steps.1.on.1"] == 18
    assert loaded.lines["outputs.train.path"] == 21


def test_only_scalars_of_yaml_1_2_are_more_than_text() -> None:
    params = load(RECIPE).recipe.steps[0].params
    assert params["ignore"] == ["no", "yes", "12:30:45", "2024-01-01", 31, None, True]
    assert params["at_most"] == 1500.0
    assert isinstance(params["at_least"], int)


def test_keys_are_always_text() -> None:
    loaded = load(RECIPE.replace("licence: CC-BY-SA-4.0", "columns: {no: string, 1: int, true: bool}"))
    assert loaded.recipe.sources["posts"].columns == {"no": "string", "1": "int", "true": "bool"}


def test_all_errors_come_at_once_each_with_its_line() -> None:
    text = (
        RECIPE.replace("    with: {at_l", "    whit: {at_l")
        .replace("from: {rows: noise, against: posts}", "from: 3")
        .replace("on: [title, body]", "nulls: maybe")
        .replace("name: forum-qa", "nam: forum-qa")
        .replace("CC-BY-SA-4.0", "4.0")
    )
    assert errors(text) == [
        "recipe.yaml:1: missing key 'name'",
        "recipe.yaml:2: unknown key 'nam'; did you mean 'name'?",
        "recipe.yaml:6: source 'posts': key 'licence' must be a text; 4.0 is read as float: put it in quotes",
        "recipe.yaml:13: step 'noise': unknown key 'whit'; did you mean 'with'?",
        "recipe.yaml:17: step 'once': key 'from' must be a name, a list of names, or a mapping of named inputs; it holds 3",
        "recipe.yaml:18: step 'once': key 'nulls' must be 'keep', 'drop' or 'error'; it is 'maybe'",
    ]


def test_keys_have_one_spelling() -> None:
    assert errors(RECIPE.replace("    from: posts\n", "    rows: posts\n")) == [
        "recipe.yaml:9: step 'noise': missing key 'from'",
        "recipe.yaml:11: step 'noise': unknown key 'rows'",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1", "1: anchor '&x' is not allowed; write the value out"),
        ("a: 1\nb: *x", "2: alias '*x' is not allowed; write the value out"),
        ("a: !!python/object:os.system 1", "1: tag 'tag:yaml.org,2002:python/object:os.system' is not allowed; write a plain value"),
        ("a: ! 1", "1: tag '!' is not allowed; write a plain value"),
        ("a: 1\nb: 2\na: 3", "3: duplicate key 'a'; it stands on line 1 already"),
        ("x: {a: 1, a: 3}", "1: duplicate key 'a'; it stands on line 1 already"),
        ("a: 1\n---\nb: 2", "2: a second document begins; one file holds one recipe"),
        ("%YAML 1.1\n---\na: no", "2: directives (%YAML, %TAG) are not allowed; take them out"),
        ("? [a]\n: 1", "1: a list or mapping cannot be a key"),
        ("a: .nan", "1: number '.nan' is not finite; leave a bound open by leaving it out"),
        ("a: 1e999", "1: number '1e999' is not finite; leave a bound open by leaving it out"),
        ("a: " + "1" * 5000, "1: number '1111111111111111111111111111111111111111' has more than 4300 digits"),
        ('a: "\\ud800"', "1: '\\ud800' holds half a surrogate pair, which is no character"),
        ("a: \x00", "1: character U+0000 is not allowed in YAML"),
        ("goal: one: two", "1: not valid YAML: mapping values are not allowed here; a text that holds ': ' needs quotes"),
        ("", "1: the recipe is empty"),
        ("# nothing", "1: the recipe is empty"),
        ("- a", "1: a recipe is a mapping with the keys winnow, name, sources, steps, outputs"),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_line(text: str, said: str) -> None:
    assert errors(text) == [f"recipe.yaml:{said}"]


@pytest.mark.parametrize(
    "text", ["[" * 10_000, "[\n" * 10_000, "{a: " * 10_000, "- " * 10_000, "a:\n" + "".join(" " * n + "b:\n" for n in range(1, 900))]
)
def test_deep_nesting_is_refused_at_once(text: str) -> None:
    started = time.perf_counter()
    (said,) = errors(text)
    assert "nested deeper than 32 levels" in said
    assert time.perf_counter() - started < 1


def test_a_billion_laughs_do_not_start() -> None:
    assert "anchor '&a' is not allowed" in errors("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]")[0]


def test_size_is_bounded(tmp_path: Path) -> None:
    assert "at most 1,048,576" in errors("#" * (1 << 21))[0]
    assert "more than 50,000 values" in errors("- a\n" * 60_000)[0]
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * (5 << 20))
    with pytest.raises(RecipeError, match="at most 1,048,576"):
        load_file(big)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "r.yaml"
    place.write_bytes(b"name: \xff")
    with pytest.raises(RecipeError, match="not UTF-8 text at byte 6"):
        load_file(place)
    with pytest.raises(RecipeError, match="cannot be read"):
        load_file(tmp_path / "none.yaml")


def test_mutated_recipes_give_a_recipe_or_an_error_with_a_line() -> None:
    draw = random.Random(7)
    pieces = [
        "[",
        "]",
        "{",
        "}",
        ": ",
        "- ",
        "&a ",
        "*a",
        "!!",
        "\n",
        "  ",
        "\t",
        "'",
        '"',
        "|",
        ">",
        "#",
        "---",
        "...",
        "%",
        "null",
        "1e5",
        "\\",
        "\x07",
        "\u2028",
        "😀",
        "? ",
        ",",
    ]
    for _ in range(500):
        text = RECIPE
        for _ in range(draw.randint(1, 6)):
            at, width = draw.randrange(len(text)), draw.choice([0, 0, 1, 3, 20])
            kind = draw.random()
            insert = draw.choice(pieces) if kind < 0.7 else text[draw.randrange(len(text)) :][: draw.randint(1, 40)]
            text = text[:at] + insert + text[at + width :]
        try:
            load(text)
        except RecipeError as error:
            assert all(line.startswith("recipe.yaml:") and line.split(":")[1].isdigit() for line in str(error).splitlines()), str(error)
