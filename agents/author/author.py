"""Writes an operator by a model, for a person to look at: nothing of it is kept or used before they agree."""

import difflib
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agents.llm.data import look
from agents.llm.prompt import user
from agents.llm.quoting import fenced, plain, quoted
from agents.llm.talk import Asked, Talk
from agents.turns import Situation
from sandbox.gateway import Message
from tools.catalogue import OPERATORS
from tools.errors import RecipeError
from workflows import jailing
from workflows.edits import Add, Edit
from workflows.recipe import Recipe, Step
from workflows.strangers.vetted import keep
from workflows.vetting import Certificate

from . import code, sheet
from .sheet import Sheet, snake

FOLDER = "ops"
FILES = Path(__file__).with_name("files")
REPAIRS = 3


@dataclass(frozen=True, kw_only=True)
class Authored:
    """An operator that was written and vetted, and that nobody has agreed to yet."""

    place: str  # where it is to lie, relative to the project
    text: str
    sheet: Sheet
    certificate: Certificate

    def as_json(self) -> dict[str, Any]:
        told = asdict(self.sheet) | {"examples": [list(one) for one in self.sheet.examples], "bounds": dict(self.sheet.bounds)}
        return {"place": self.place, "text": self.text, "sheet": told, "certificate": self.certificate.model_dump(mode="json")}

    @classmethod
    def of(cls, data: dict[str, Any]) -> "Authored":
        told = {**data["sheet"], "examples": tuple((given, gives) for given, gives in data["sheet"]["examples"])}
        return cls(place=data["place"], text=data["text"], sheet=Sheet(**told), certificate=Certificate.model_validate(data["certificate"]))

    def told(self, project: Path) -> str:
        """All that a person should see before they agree: what it does, its examples, the laws, the file as a difference to what lies there."""
        one = self.sheet
        lines = [f"{one.name} ({one.kind}), in the jail whenever it runs: {one.what}", "examples"]
        lines += [f"  {plain(repr(given), 120)} → {plain(repr(gives), 120)}" for given, gives in one.examples]
        lines += [f"vetted: {len(self.certificate.laws)} laws hold"]
        target = project / self.place
        before = target.read_text(encoding="utf-8").splitlines() if target.is_file() else []
        lines += list(difflib.unified_diff(before, self.text.splitlines(), f"{self.place} (now)", self.place, lineterm=""))
        return "\n".join(lines)


@dataclass(frozen=True)
class Author:
    """Asks the model behind the gateway for examples, then for the file, until it passes; at most three repairs of each."""

    gateway: Asked
    shows_values: bool = True  # whether single values of the data go into prompts
    heard: Callable[[str], None] | None = None
    cancelled: Callable[[], bool] | None = None

    def write(self, wish: str, situation: Situation) -> Authored:
        """Raises Unfit where no answer will do, GatewayError, and RecipeError where no jail holds here."""
        if refused := jailing.refusal():
            raise RecipeError(f"an operator cannot be written here, for it could not be tried: {refused}")
        sight = look(wish, situation.inputs, situation.cache, Path.cwd())
        columns = [name for table in sight.tables.values() for name in table.names]
        data = fenced(sight.lines() if self.shows_values else sight.lines(most_values=0))
        system = Message("system", user("author_system").content)
        question = user("author_sheet", wish=plain(wish, 1000), data=data, least=sheet.LEAST, most=sheet.MOST)
        agreed = self._talk(situation).about((system, question), sheet.schema(), lambda given: sheet.read(given, columns, OPERATORS))
        told = user(
            "author_code",
            sheet=fenced([quoted(code.as_card(agreed), 8000)]),
            name=agreed.name,
            kind=agreed.kind,
            adds=code.adds(agreed),
            contract=(FILES / f"{agreed.kind.lower()}.py").read_text(encoding="utf-8"),
        )
        origin = f"# Written by the model {self.gateway.endpoint.alias!r} on {datetime.now(UTC):%Y-%m-%d} for: {plain(wish, 300)}\n"
        file, certificate = self._talk(situation).about((system, question, told), code.schema(), lambda given: code.read(given, agreed, origin))
        return Authored(place=file.place, text=file.text, sheet=agreed, certificate=certificate)

    def _talk(self, situation: Situation) -> Talk:
        return Talk(self.gateway, situation.seed, self.heard, self.cancelled, repairs=REPAIRS)


def accepted(made: Authored, wish: str, recipe: Recipe, project: Path) -> list[Edit]:
    """The person agrees: the file is written, its certificate believed, and a step of it added at the end.

    Raises RecipeError where another file lies there already.
    """
    target = project / made.place
    if target.exists() and target.read_text(encoding="utf-8") != made.text:
        raise RecipeError(f"{made.place}: another file lies there; move it away, or ask for an operator of another name")
    if hashlib.sha256(made.text.encode()).hexdigest() != made.certificate.digest:
        raise RecipeError(f"{made.place}: the file is not the one that was vetted; let it be written again")
    target.parent.mkdir(exist_ok=True)
    target.write_text(made.text, encoding="utf-8")
    keep(made.certificate)
    step = Step.model_validate(
        {
            "id": _free(snake(made.sheet.name), recipe),
            "op": f"{made.place}:{made.sheet.name}@1",
            "from": _end(recipe),
            "on": made.sheet.column,
            "with": dict(made.sheet.bounds),
            "why": plain(wish, 200),
        }
    )
    return [Add(step=step)]


def _end(recipe: Recipe) -> str | list[str]:
    """What the first output reads."""
    spec = next(iter(recipe.outputs.values()), None)
    if spec is None:
        raise RecipeError("there is no output yet that the operator could stand before")
    return spec.rows


def _free(name: str, recipe: Recipe) -> str:
    taken = {step.id for step in recipe.steps} | set(recipe.sources)
    return next(free for number in range(1, len(taken) + 2) if (free := name if number == 1 else f"{name}_{number}") not in taken)
