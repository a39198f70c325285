"""`winnow eval`: goals of a stranger's file are played and judged, and its code can do nothing else."""

from pathlib import Path
from typing import Any

import pytest

from tests.winnow.conftest import Call
from winnow.answer import BadUsage
from winnow.evaluation import cases, inside, judging, playground
from winnow.evaluation.cases import Gold
from winnow.evaluation.check_words import WORDS, kept, near_pairs, subset
from winnow.evaluation.figures import Share, by_level
from winnow.evaluation.playing import Outcome

ROWS = "rows: [{text: one two three, n: 1}, {text: one two three, n: 2}, {text: four, n: 3}]"
GOALS = f"""\
- {{id: a, level: easy, goal: "remove exact duplicates by text", inputs: [{{name: given, {ROWS}}}], gold: {{operators: [exact_dedup]}},
   checks: [{{name: two rows, py: "len(out) == 2"}}, {{name: in SQL too, sql: "select count(*) = 2 and max(n) = 3 from out"}}]}}
- {{id: b, level: easy, goal: "keep rows where text has at least 2 words", inputs: [{{name: given, {ROWS}}}],
   gold: {{operators: [words, sort], params: {{words.at_least: 2, sort.by: n}}}},
   checks: [{{name: none is left, py: "not out"}}]}}
- {{id: c, level: hard, goal: "keep the rows with the highest price", inputs: [{{name: given, {ROWS}}}], expect: ask|refuse, mention: [price]}}
- {{id: d, level: hard, goal: "keep rows where text has at least 2 words", inputs: [{{name: given, {ROWS}}}], checks: [
   {{name: escapes, py: "open('SPY', 'w').write('x')"}},
   {{name: shells out, py: "__import__('subprocess').run(['touch', 'SPY']).returncode == 0"}},
   {{name: reads, sql: "select count(*) > 0 from read_csv('/etc/passwd')"}}]}}
"""


@pytest.fixture()
def goals(folder: Path) -> Path:
    file = folder / "goals.yaml"
    file.write_text(GOALS.replace("SPY", str(folder / "spy")))
    return file


def test_goals_are_played_and_what_a_stranger_wrote_stays_in_the_jail(goals: Path, call: Call) -> None:
    said = call("eval", goals, "--planner", "rules", "--json")
    found: dict[str, Any] = {one["id"]: one for one in said.json["goals"]}
    assert said.code == 0
    assert {name: one["ok"] for name, one in found.items()} == {"a": True, "b": False, "c": True, "d": False}
    assert found["b"]["confident"] and "none is left" in found["b"]["note"]
    assert found["c"]["kind"] in ("asked", "refused")
    made = {name: holds for name, holds, _ in found["d"]["checks"] if not name.startswith("books")}
    if judging.refusal():
        assert set(made.values()) == {None}
    else:
        assert set(made.values()) == {False}
    assert not (goals.parent / "spy").exists()
    whole = said.json["figures"][-1]
    assert whole["passed"]["part"] == 2 and whole["asked_due"] == {**whole["asked_due"], "part": 1, "of": 1}
    assert whole["operators"] == pytest.approx(2 * 2 / 5)
    assert (whole["parameters"]["part"], whole["parameters"]["of"]) == (1, 2)


def test_nothing_is_judged_where_there_is_no_jail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "Jail", _refuse)
    found = judging.Jailed().judged([cases.Check(name="one", py="True")], {}, [(Path("out.jsonl"), [])])
    assert [holds for holds, _ in found] == [None]
    outcome = Outcome(id="x", level="easy", wanted=("run",), kind="run", checks=(("one", None, "no jail"),))
    assert by_level([outcome])[-1].passed.of == 0


def _refuse(*_: object, **__: object) -> None:
    from sandbox.errors import Refused

    raise Refused("none here")


def test_a_goal_that_does_not_end_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = cases.Case.model_validate({"id": "x", "goal": "shuffle", "inputs": [{"name": "given", "rows": [{"n": 1}]}]})
    player = playground.Player(tmp_path, playground.Planner(), trusted=True, seconds=0.01)
    try:
        outcome = player.play(case)
    finally:
        player.close()
    assert (outcome.kind, outcome.ok, outcome.note) == ("broken", False, "no end within 0.01 s")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("goals: []", "is no list of cases"),
        ("- {id: a, goal: x, inputs: [{name: one, rows: []}], expect: perhaps}", "'perhaps' is none of run, ask, refuse"),
        ("- {id: a, goal: x, inputs: [{name: 'a b', rows: []}]}", "inputs.0.name"),
        ("- {id: a, goal: x, inputs: [{name: one, rows: []}], check: []}", "check"),
        ("- {id: a, goal: x, inputs: [{name: one, hidden: true, rows: []}]}", "no input is given"),
        ("- {id: a, same_as: other.yaml#z, goal: x}", "there is no such case"),
        ("- {id: a, goal: x, inputs: [{name: one, rows: []}]}\n- {id: a, goal: y, inputs: [{name: one, rows: []}]}", "two cases have the id 'a'"),
    ],
)
def test_a_file_of_goals_that_cannot_be_played_says_where_and_why(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "other.yaml").write_text("[]")
    (tmp_path / "goals.yaml").write_text(text)
    with pytest.raises(BadUsage) as error:
        cases.load(tmp_path / "goals.yaml", tmp_path)
    assert said in str(error.value)


def test_paths_of_a_case_do_not_lead_out_of_the_root(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to("/etc")
    for path in ("../x.jsonl", "/etc/passwd", "link/passwd"):
        with pytest.raises(BadUsage, match="leads out of"):
            cases.within(tmp_path / "in", path)


def test_a_case_can_be_another_one_in_other_words(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("- {id: a, level: hard, goal: x, inputs: [{name: one, rows: [{n: 1}]}], expect: ask}")
    (tmp_path / "two.yaml").write_text("- {id: b, same_as: one.yaml#a, goal: y}")
    (found,), _ = cases.load(tmp_path / "two.yaml")
    assert (found.id, found.goal, found.level, found.expect, found.inputs[0].name) == ("b", "y", "hard", "ask", "one")


def test_the_interval_is_wilsons() -> None:
    assert Share(part=9, of=10).interval == pytest.approx((0.59585, 0.98212), abs=1e-5)
    assert Share(part=0, of=20).interval == pytest.approx((0.0, 0.16113), abs=1e-5)
    assert Share(part=0, of=0).interval is None


def test_asking_is_counted_against_what_was_due() -> None:
    def one(wanted: str, kind: str) -> Outcome:
        return Outcome(id="x", level="easy", wanted=tuple(wanted.split()), kind=kind)

    found = by_level([one("asked refused", "refused"), one("run", "asked"), one("asked", "run"), one("run", "run")])[-1]
    assert (found.asked_right.part, found.asked_right.of) == (1, 2)
    assert (found.asked_due.part, found.asked_due.of) == (1, 2)
    assert (found.executable.part, found.executable.of) == (1, 2)


def test_checks_see_columns_of_several_types_and_parts_by_name() -> None:
    files = [(Path("train.jsonl"), [{"a": 1}, {"a": "x"}]), (Path("val.jsonl"), [{"a": None, "b": {"c": 1}}])]
    checks = [
        {"sql": "select count(*) = 3 from out"},
        {"sql": "select count(*) = 2 from out_parts where _part = 'train'"},
        {"py": "set(parts) == {'train', 'validation'}"},
        {"py": "no_such_word"},
    ]
    found = inside.verdicts(checks, {}, files)
    assert [holds for holds, _ in found] == [True, True, True, False]
    assert found[3][1].startswith("NameError")


def test_words_of_checks() -> None:
    rows: list[dict[str, object]] = [{"a": 1, "b": "x"}, {"a": 1.0, "b": "x"}, {"a": None, "b": ""}]
    assert subset(rows[:2], rows, "a,b") and not subset([*rows, rows[0]], rows, "a,b")
    assert kept(rows, rows[:1], "a,b") == pytest.approx(2 / 3) and kept([], rows, "a") == 1.0
    assert near_pairs(["a b c d e f g h", "a b c d e f g h i", "x y z u v w"], 0.7) == [(0, 1)]
    assert {"norm", "chat", "EMAIL", "Counter"} <= WORDS.keys()


def test_gold_counts_missing_and_needless_operators(tmp_path: Path) -> None:
    from winnow.evaluation.gold import matched

    found = matched(Gold(operators=("words", "sort"), params={"sort.by": "n"}), None, tmp_path)
    assert (found.right, found.made, found.wanted, found.params_right, found.params) == (0, 0, 2, 0, 1)


def test_the_table_can_be_markdown(goals: Path, call: Call) -> None:
    said = call("eval", goals, "--only", "c", "--markdown", "--trust", "--at-least", "100")
    assert said.code == 0 and "| right | 1 of 1, 100% (21–100) | 1 of 1, 100% (21–100) |" in said.out
