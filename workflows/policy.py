"""What `--yes` may grant in place of a person: a recipe of vetted operators from which no row leaves the machine."""

from tools.catalogue import operator

from .certificates import shipped, vetted
from .lock import Lock, LockedOperator
from .strangers.believed import unvetted
from .strangers.file import is_file


def objections(lock: Lock) -> list[str]:
    """Why this lock needs a person's yes, in words; empty where the policy grants it."""
    locked: list[LockedOperator] = [*lock.sources.values(), *lock.steps.values(), *lock.outputs.values()]
    names = sorted({name for one in locked if not is_file(name := one.operator.partition("@")[0])})
    found = [f"operator {name!r} reaches the network" for name in names if operator(name).card.network]
    if shipped():  # a checkout whose catalogue was never vetted has nothing to compare with
        found += [f"operator {name!r} is not vetted as its code is now: `winnow operators vet {name}`" for name in names if not vetted(name)]
    return found + unvetted(lock)
