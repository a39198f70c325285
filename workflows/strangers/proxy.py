"""Makes the class that stands for a stranger's operator: of the same kind, so that the engine does with it what it does with any."""

import copyreg
import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, ClassVar

from pydantic import Field
from pydantic_core import PydanticUndefined

from tools.contract import DECIDES, Bounded, Group, Measure, Types, Whole
from tools.errors import RecipeError

from .asking import describe
from .described import Parameter
from .file import File
from .methods import METHODS
from .rules import refuse_unfit
from .strange import Strange, Stranger, Woven

OWN_OF_BOUNDED = ("at_least", "at_most")


@lru_cache(maxsize=64)
def operator_class(file: File, name: str = "") -> type[Strange]:
    """The operator of this name in a file, by default its only one. Raises RecipeError where the file holds none that could run."""
    found = describe(file, name)
    return class_of(Stranger(file, found.said.name, found))


@lru_cache(maxsize=64)
def class_of(stranger: Stranger) -> type[Strange]:
    """The class of what was described."""
    said = stranger.described.said
    params = {name: one for name, one in said.params.items() if name not in OWN_OF_BOUNDED or not issubclass(stranger.described.kind, Bounded)}
    body: dict[str, Any] = {name: METHODS[name] for name in said.overrides if name in METHODS}
    body |= {name: _field(one) for name, one in params.items()}
    body |= {
        "__module__": __name__,
        "__qualname__": said.name,
        "__doc__": said.doc,
        "__annotations__": dict.fromkeys(("card", "stranger", "source_digest"), ClassVar[Any]) | {name: _annotation(params[name]) for name in params},
        "card": stranger.described.card,
        "stranger": stranger,
        "source_digest": stranger.file.digest,
    }
    if "adds" in said.overrides or issubclass(stranger.described.kind, Measure | Group | Whole):
        body["adds"] = _adds
    made = Woven(said.name, (Strange, *stranger.described.bases), body)
    if inspect.isabstract(made):
        raise RecipeError(f"{stranger.file.place}: {said.name!r} lacks {', '.join(sorted(made.__abstractmethods__))}")
    return made


def _adds(self: Strange, given: Types) -> Types:
    says_itself = "adds" in self.stranger.described.said.overrides
    found = self.inside.adds(given) if says_itself else self.card.adds
    refuse_unfit(self.rule(), found, str(self.inside))
    return found


def _field(one: Parameter) -> Any:
    description = one.schema_.get("description")
    return Field(default=PydanticUndefined if one.required else one.default, description=str(description)[:1000] if description else None)


def _annotation(one: Parameter) -> Any:
    return Annotated[Any, DECIDES] if one.bound else Any


def _reduced(made: type) -> str | tuple[Callable[[Stranger], type[Strange]], tuple[Stranger]]:
    """How a class is pickled: by what it was made of; one that was made of nothing by its name."""
    return (class_of, (vars(made)["stranger"],)) if "stranger" in vars(made) else made.__qualname__


copyreg.pickle(Woven, _reduced)
