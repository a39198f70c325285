"""The operators that a step may name, as classes: `Recipe().step(Words(at_least=40), on="body")`.

Each loads when it is first asked for. Checkers and editors read the same names from the stub beside this file, which
`make docs` writes from the catalogue.
"""

from tools.catalogue import OPERATORS, operator
from tools.names import nearest


def step_classes() -> dict[str, str]:
    """Class name → name in a recipe; what reads and writes files is named by the ending of its path instead."""
    return {place.rpartition(":")[2]: name for name, place in OPERATORS.items() if not place.startswith("tools.formats.")}


def __getattr__(name: str) -> object:
    known = step_classes()
    if name in known:
        return operator(known[name])
    if name.startswith("__"):
        raise AttributeError(name)
    called = {recipe_name: class_name for class_name, recipe_name in known.items()}
    mend = f"; it is called {called[name]!r} here" if name in called else nearest(name, known)
    raise AttributeError(f"winnow has no operator {name!r}{mend}")


def __dir__() -> list[str]:
    return sorted(step_classes())
