"""Code that parses: hostile texts, fences, other languages, programs cut short."""

import warnings

import pyarrow as pa
import pytest

from tests.tools.real_data import rows
from tools.verify.code_compiles import CodeCompiles
from tools.verify.fences import blocks, unwrapped
from tools.verify.grammars import TOO_DEEP, python_fault

HOSTILE = {
    "brackets": "(" * 100_000,
    "minus": "-" * 100_000 + "1",
    "dots": "a" + ".a" * 100_000,
    "calls": "a" + "()" * 50_000,
    "not": "not " * 50_000 + "x",
    "indents": "".join(" " * n + "if 1:\n" for n in range(150)),
    "branches": "if a:\n pass\n" + "elif b:\n pass\n" * 20_000,
    "digits": "1" * 100_000,
    "null": "a\0b",
    "quotes": '"' * 100_001,
    "words": "the cat sat " * 50_000,
}


def judged(texts: list[str], **params: object) -> list[object]:
    return CodeCompiles(**params).measure(pa.record_batch({"text": texts}), None)["code_compiles"].to_pylist()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_python_is_invalid_and_nothing_more(name: str) -> None:
    assert python_fault(HOSTILE[name]) is not None


def test_python_is_compiled_and_never_run(tmp_path: object) -> None:
    assert judged([f"open({str(tmp_path) + '/made'!r}, 'w')", "9**9**9**9", "raise SystemExit"]) == [True, True, True]
    assert list(tmp_path.iterdir()) == []  # type: ignore[attr-defined]


def test_warnings_of_the_code_do_not_show() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert judged(['x = "\\d"', "x is 1"]) == [True, True]


def test_how_deep_the_caller_stands_does_not_matter() -> None:
    code = "+".join(["1"] * 900)

    def deep(levels: int) -> object:
        return deep(levels - 1) if levels else python_fault(code)

    assert deep(0) == deep(500)
    assert python_fault("+".join(["1"] * 100_000)) == (1, TOO_DEEP)


def test_canonical_solutions_compile_and_broken_ones_do_not() -> None:
    tasks = rows("eval_sets/human_eval.jsonl.zst")
    whole = [f"{task['prompt']}{task['canonical_solution']}" for task in tasks]
    assert judged(whole) == [True] * 164
    assert judged([text.rstrip() + " + (" for text in whole]) == [False] * 164
    assert judged([str(task["canonical_solution"]) for task in tasks]) == [False] * 164


@pytest.mark.parametrize(
    ("language", "good", "bad"),
    [
        ("javascript", "const f = async (x) => { await x; };", "const f = (x => {"),
        ("typescript", "interface A { b?: string }\nlet c: A = {};", "interface A { b? string"),
        ("java", "class A { int b() { return 1; } }", "class A { int b( { return 1; } }"),
        ("go", "package a\n\nfunc f() int { return 1 }", "package a\n\nfunc f( int { return 1 }"),
        ("rust", "fn f(x: &str) -> usize { x.len() }", "fn f(x: &str -> usize { x.len() }"),
        ("c", "int f(int x) { return x + 1; }", "int f(int x) { return x + ; }"),
        ("c++", "template <class T> T f(T x) { return x; }", "template <class T T f(T x) { return x; }"),
        ("c#", "class A { public int B => 1; }", "class A { public int B => ; }"),
        ("bash", "for f in *; do echo $f; done", "for f in *; do echo $f"),
        ("ruby", "def f(x)\n  x + 1\nend", "def f(x\n  x + 1\nend end"),
        ("php", "<?php function f($x) { return $x; }", "<?php function f($x { return $x; }"),
        ("css", "a { color: red; }", "a { color: ; "),
        ("sql", "select a, count(*) from b where c > 1 group by a", "select from where group"),
    ],
)
def test_every_language_tells_good_from_bad(language: str, good: str, bad: str) -> None:
    assert judged([good, bad], language=language) == [True, False]


def test_a_fault_in_a_fence_is_told_by_its_line_in_the_text() -> None:
    text = "Look:\n\n```python\nx = 1\ny = (\n```\n"
    found = CodeCompiles(fenced=True).measure(pa.record_batch({"text": [text]}), None)
    assert found["error_line"].to_pylist() == [5]
    assert found["error"].to_pylist() == ["'(' was never closed"]


def test_fences_within_longer_fences_are_code() -> None:
    assert [block.code for block in blocks("````md\n```py\nx\n```\n````\n~~~\ny")] == ["```py\nx\n```\n", "y"]
    assert unwrapped("\n```py\nx = 1\n```\n") is not None
    assert unwrapped("```py\nx = 1\n```\nand more") is None


def test_unknown_languages_say_what_is_known() -> None:
    with pytest.raises(ValueError, match="no language 'pyton'; did you mean 'python'"):
        CodeCompiles(language="pyton")
