"""Vetting an operator in a file of a stranger: the laws of every operator, through the real engine, its code in the jail all the time."""

from collections.abc import Mapping, Sequence

from tools.cards import Summary, summary

from .. import vetting
from ..trust import State
from ..vetting import Certificate, Verdict
from . import believed
from .asking import describe
from .file import File, from_bytes
from .proxy import operator_class
from .strange import Strange, unforgiving

PLACE = "operator.py"  # what a text without a file is called


def vet_source(text: str, name: str = "", params: Sequence[Mapping[str, object]] = (), *, place: str = PLACE, quick: bool = False) -> Certificate:
    """Vet an operator given as the text of its file. Nothing is kept: `keep` does that. Raises RecipeError where there is none to vet."""
    return vet(from_bytes(text.encode(), place), name, params, quick=quick)


def vet(file: File, name: str = "", params: Sequence[Mapping[str, object]] = (), *, quick: bool = False) -> Certificate:
    """As `vetting.vet`, and it must say the same of itself whenever it is asked. A row that ends its cell is a fault here, not a row error."""
    made = operator_class(file, name)
    with unforgiving():
        found = vetting.vet(made, params, quick=quick)
    same = describe(file, made.__name__) == made.stranger.described
    laws = (*found.laws, Verdict("same_card", same, "" if same else "asked again it says something else of itself"))
    return found.model_copy(update={"laws": laws, "passed": all(law.passed for law in laws)})


def keep(found: Certificate, state: State | None = None) -> None:
    """Believe the certificate from now on."""
    believed.put(found.digest, found.operator, found.model_dump(mode="json"), state)


def summary_of(made: type[Strange]) -> Summary:
    """What its card says, as `winnow operators show` has it."""
    return summary(made.__name__, made)
