"""Files that mean harm: whatever they do ends in their cell, and a clear error says what it was."""

from pathlib import Path

import pyarrow as pa
import pytest

from tests.workflows.strangers import hostile
from tools.errors import RecipeError, WinnowError
from workflows.given import Outcome, Setting, Trial, run
from workflows.parameters import make
from workflows.strangers import strange
from workflows.strangers.asking import Died
from workflows.strangers.file import File
from workflows.strangers.proxy import operator_class
from workflows.strangers.strange import unforgiving

GIVEN = pa.table({"text": ["one", "two two", "three", "one"]})


def tried(text: str, given: pa.Table = GIVEN) -> Outcome:
    return run(Trial(operator=make(operator_class(File("operator.py", text)), {}).within("it"), given=given))


def sampled(attacks: hostile.Attacks) -> list[object]:
    """Every second one in each run of the tests, all of them in the drill."""
    return [pytest.param(name, marks=pytest.mark.slow) if turn % 2 else name for turn, name in enumerate(attacks)]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder with a key in it."""
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "id_rsa").write_text("SECRET")
    return tmp_path


@pytest.mark.parametrize("attack", sampled(hostile.REFUSED))
def test_a_file_that_means_harm_is_refused_when_it_is_looked_at(attack: str):
    text, said = hostile.REFUSED[attack]
    with pytest.raises(WinnowError, match=said):
        operator_class(File("operator.py", text))


@pytest.mark.parametrize("attack", sampled(hostile.STOPPED))
def test_an_operator_that_means_harm_is_stopped_and_named(attack: str, outside: Path):
    text, said = hostile.STOPPED[attack]
    with unforgiving(), pytest.raises(WinnowError, match=f"(?s)(step 'it'|operator.py).*({said})|{said}"):
        tried(text.replace("{outside}", str(outside)))
    assert sorted(str(path.relative_to(outside)) for path in outside.rglob("*")) == [".ssh", ".ssh/id_rsa"]


@pytest.mark.slow
@pytest.mark.parametrize("attack", hostile.SLOW)
def test_what_takes_all_there_is_is_stopped_too(attack: str):
    text, said = hostile.SLOW[attack]
    with unforgiving(), pytest.raises(WinnowError, match=said):
        tried(text)


def test_nothing_of_a_file_is_left_in_this_process():
    import builtins
    import sys

    operator_class(File("operator.py", hostile.measuring("", "import builtins, tools.contract\nbuiltins.left = tools.contract.left = 1\n")))
    assert not hasattr(builtins, "left")
    assert not hasattr(sys.modules["tools.contract"], "left")
    assert "stranger" not in sys.modules


def test_nothing_is_left_from_one_batch_to_the_next():
    turn = "result['size'] = pa.array([next(TURN)] * len(batch), pa.int64())"
    counting = hostile.measuring(turn, "import itertools\nTURN = itertools.count()\n", card="card(rows_per_batch=1)")
    assert tried(counting).measures("size") == [0, 0, 0, 0]


def test_control_characters_of_a_doc_are_spelt_out():
    made = operator_class(File("operator.py", hostile.measuring("", doc="A\\x1b[31mB\\u202eC")))
    assert made.__doc__ == "A\\u001b[31mB\\u202eC"
    assert made.__doc__.isprintable()


def test_rows_that_end_their_cell_are_quarantined_and_no_others():
    poison = hostile.measuring("if 'poison' in batch['text'].to_pylist(): os._exit(1)")
    texts = ["poison", "a", "bb", "ccc", "poison", "dddd", "poison"]
    found = tried(poison, pa.table({"text": texts}))
    assert [fate.reason for fate in found.fates] == ["error" if text == "poison" else None for text in texts]
    assert found.measures("size") == [None if text == "poison" else len(text) for text in texts]
    assert found.kept["text"].to_pylist() == [text for text in texts if text != "poison"]


@pytest.mark.parametrize("cut", [1, 3])
def test_which_rows_end_their_cell_does_not_hang_on_their_neighbours(cut: int):
    poison = make(operator_class(File("operator.py", hostile.measuring("if 'poison' in batch['text'].to_pylist(): os._exit(1)"))), {})
    given = pa.table({"text": ["poison", "a", "poison", "poison"]})
    found = run(Trial(operator=poison, given=given, setting=Setting(cut=cut)))
    assert [fate.reason for fate in found.fates] == ["error", None, "error", "error"]


def test_too_many_rows_that_end_their_cell_stop_the_run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(strange, "MOST_ROWS", 3)
    with pytest.raises(Died, match="its cell ended with status 2"):
        tried(hostile.measuring("if len(batch): os._exit(2)"), pa.table({"text": list("abcdef")}))


def test_an_operator_that_never_gets_through_is_at_fault_itself():
    with pytest.raises(Died, match=r"step 'it': operator operator.py:Attacks, measure: its cell ended with status 1"):
        tried(hostile.measuring("os._exit(1)"))


def test_a_row_that_the_operator_refuses_is_quarantined():
    picky = hostile.measuring("if 'three' in (texts := batch['text'].to_pylist()): raise RowError(texts.index('three'), 'not this one')")
    assert [fate.reason for fate in tried(picky).fates] == [None, None, "error", None]


def test_where_no_jail_holds_nothing_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    from sandbox.layers import Layer
    from sandbox.tiers import Proof
    from workflows import jailing
    from workflows.strangers.shelf import Shelf

    monkeypatch.setattr(jailing, "proof", lambda: Proof(None, {}, {Layer.LANDLOCK: "a newer kernel"}))
    with pytest.raises(RecipeError, match=r"no jail here that holds.*a newer kernel"):
        Shelf(tmp_path, {"x.py": hostile.measuring("")}).operator("x.py")
