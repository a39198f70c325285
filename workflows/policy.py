"""What `--yes` may grant in place of a person: a recipe of vetted operators from which no row leaves the machine."""

from tools.catalogue import operator

from .lock import Lock, LockedOperator
from .strangers.file import Called, called, is_file
from .strangers.vetted import is_vetted
from .vetting import shipped, vetted


def objections(lock: Lock) -> list[str]:
    """Why this lock needs a person's yes, in words; empty where the policy grants it."""
    locked: list[LockedOperator] = [*lock.sources.values(), *lock.steps.values(), *lock.outputs.values()]
    names = sorted({name for one in locked if not is_file(name := one.operator.partition("@")[0])})
    found = [f"operator {name!r} reaches the network" for name in names if operator(name).card.network]
    if shipped():  # a checkout whose catalogue was never vetted has nothing to compare with
        found += [f"operator {name!r} is not vetted as its code is now: `winnow operators vet {name}`" for name in names if not vetted(name)]
    return found + unvetted(lock)


def unvetted(lock: Lock) -> list[str]:
    """The operators in files of strangers that this user has not vetted, in words: they run after a person's yes at the terminal alone."""
    found = {str(meant): (meant, one.source) for one in lock.steps.values() if (meant := _in_file(one)) is not None}
    return [
        f"operator {name!r} is in a file of a stranger and unvetted: `winnow operators vet {name}`"
        for name, (meant, digest) in sorted(found.items())
        if not is_vetted(digest, meant.name)
    ]


def _in_file(locked: LockedOperator) -> Called | None:
    return called(locked.operator)
