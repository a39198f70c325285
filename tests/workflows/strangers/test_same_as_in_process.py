"""Operators of our own as if a stranger had written them: through the jail they give, to the bit, what they give in this process."""

import inspect
import pickle
import re
from pathlib import Path

import pyarrow as pa
import pytest

from tools import catalogue
from tools.contract import Operator
from workflows import laws
from workflows.given import Setting, Trial, run
from workflows.parameters import make
from workflows.strangers import strange
from workflows.strangers.file import File
from workflows.strangers.proxy import operator_class
from workflows.strangers.strange import Strange

KINDS = {  # at least one of every kind that runs in the jail
    "words": "Bounded, scan",
    "contains_words": "parameters that are lists",
    "random_sample": "Rank, draws by row",
    "rename": "Layout",
    "derive": "Rewrite whose columns follow from parameters",
    "chunk": "Expand",
    "exact_dedup": "Group with a preference",
    "minhash_dedup": "Group with evidence and verification",
    "line_dedup": "Cut",
    "stratified_sample": "Rank by key",
    "dsir": "Rank that learns",
    "quantile": "Fit",
    "drift": "Survey against other rows",
    "k_center": "Whole",
    "join_on": "Rewrite that learns from other rows",
}


def as_stranger(name: str) -> type[Strange]:
    """The operator's own file, its imports written in full."""
    own = catalogue.operator(name)
    package = own.__module__.split(".")[:-1]

    def in_full(found: re.Match[str]) -> str:
        return f"from {'.'.join([*package[: len(package) - len(found[1]) + 1], *filter(None, [found[2]])])} import"

    text = re.sub(r"from (\.+)([\w.]*) import", in_full, Path(inspect.getfile(own)).read_text(encoding="utf-8"))
    return operator_class(File(f"{name}.py", text), own.__name__)


def both(name: str, setting: Setting | None = None) -> str:
    """Where the two are not the same."""
    case = laws.cases(name, catalogue.operator(name))[0]
    jailed = make(as_stranger(name), case.operator.model_dump(mode="json", exclude_defaults=True))
    return laws.difference(case.outcome, run(case.trial(operator=jailed, setting=setting)))


@pytest.mark.parametrize("name", KINDS)
def test_an_operator_gives_the_same_in_the_jail(name: str):
    assert both(name) == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(catalogue.OPERATORS))
def test_every_operator_that_may_run_there_gives_the_same_in_the_jail(name: str):
    from tools.storage import Sink, Source

    own: type[Operator] = catalogue.operator(name)
    if issubclass(own, Source | Sink) or own.card.jailed or name == "math_answer":  # math_answer starts timers, which a cell may not
        pytest.skip("it reads files, makes jails or starts timers")
    assert both(name) == ""


@pytest.mark.parametrize("name", ["dsir"])
def test_workers_have_jails_of_their_own(name: str):
    assert both(name, Setting(cut=7, workers=2)) == ""


def test_the_same_operator_comes_out_of_a_pickle():
    made = as_stranger("words")
    operator = make(made, {"at_least": 3}).within("it")
    again_made, again = pickle.loads(pickle.dumps((made, operator)))
    assert again_made is made
    assert again == operator
    assert again.inside.step == "it"


def test_a_changed_bound_measures_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked = []
    ask = strange.ask
    monkeypatch.setattr(strange, "ask", lambda function, *rest, **more: asked.append(more["doing"]) or ask(function, *rest, **more))
    made, given, setting = as_stranger("words"), pa.table({"text": ["a", "b c", "d e f"]}), Setting(cache=tmp_path)
    assert [len(run(Trial(operator=make(made, {"at_least": least}), given=given, setting=setting)).kept) for least in (1, 2, 3)] == [3, 2, 1]
    assert asked.count("measure") == 1


def test_a_bound_is_kept_from_whoever_measures():
    peeking = Path(__file__).with_name("peeking.py").read_text(encoding="utf-8")
    operator = make(operator_class(File("peeking.py", peeking)), {"at_least": 7})
    assert run(Trial(operator=operator, given=pa.table({"text": ["a"]}))).measures("seen") == [-1]
