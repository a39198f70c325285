"""Writes the prompts: templates filled with cards, quoted data and what the person said."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.gateway import Message
from tools.cards import Summary
from workflows.recipe import Recipe

from .answers import Fault
from .quoting import fenced, quoted
from .schema import FILLED_IN

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).with_name("prompts")
MOST_FAULTS = 5
MOST_FAULT = 400  # characters
MOST_NOT_FOR = 3


def system(*, follows: bool = False) -> Message:
    return Message("system", _rendered("system", follows=follows))


def user(template: str, **given: object) -> Message:
    return Message("user", _rendered(template, **given))


def repair(faults: Iterable[Fault]) -> Message:
    """One turn that says what is wrong; quoted, since faults quote names of columns and values."""
    lines = [quoted(str(one), MOST_FAULT) for one in faults]
    return Message("user", _rendered("repair", faults=fenced(lines[:MOST_FAULTS])))


def card(of: Summary) -> str:
    """A card on one line: what it does, reads and adds, its parameters with their defaults, what it is not for."""
    parts = [f"{of.name} ({of.kind.lower()}): {of.doc}"]
    parts += [f"reads {_types(of.reads)}"] if of.reads else []
    parts += [f"adds {_types(of.adds)}"] if of.adds else []
    parts += [f"compares with `against`{' (needed)' if of.needs_against else ''}"] if of.against or of.needs_against else []
    parts += [f"ports {', '.join(of.ports)}"] if of.ports != ("kept", "dropped") else []
    said = [_parameter(name, given) for name, given in of.params.items() if name not in FILLED_IN]
    parts += [f"parameters {'; '.join(said)}"] if said else []
    parts += [f"not for {'; '.join(of.not_for[:MOST_NOT_FOR])}"] if of.not_for else []
    return " ".join(" | ".join(parts).split())


def short(of: Summary) -> str:
    """A card in one sentence."""
    return f"{of.name}: {of.doc}"


def recipe(of: Recipe) -> str:
    """Steps and outputs of a recipe, quoted; without paths, which are nothing that a model needs."""
    lines = [quoted_json({"source": name}) for name in of.sources]
    for step in of.steps:
        given = step.model_dump(by_alias=True, exclude_defaults=True, exclude={"why"})
        lines.append(quoted_json({**given, "op": step.op.partition("@")[0]}))
    lines += [quoted_json({"output": name, "from": spec.rows}) for name, spec in of.outputs.items()]
    lines += [quoted_json({"check": text}) for text in of.checks]
    return fenced(lines)


def quoted_json(given: Mapping[str, Any]) -> str:
    """An object whose texts are quoted one by one."""
    return json.dumps(_capped(given), ensure_ascii=True)


def digest(messages: Sequence[Message], schema: Mapping[str, Any] | None) -> str:
    """What a prompt is known by: the messages and the schema."""
    told = [[(one.role, one.content) for one in messages], schema]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _parameter(name: str, given: Mapping[str, Any]) -> str:
    told = name if "default" not in given else f"{name} = {json.dumps(given['default'])}"
    return f"{told} ({str(given['description']).rstrip('.')})" if given.get("description") else told


def _types(types: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({kind})" for name, kind in types.items())


def _capped(given: Any) -> Any:
    if isinstance(given, str):
        return given if len(given) <= MOST_FAULT else given[: MOST_FAULT - 1] + "…"
    if isinstance(given, Mapping):
        return {str(name): _capped(one) for name, one in given.items()}
    return [_capped(one) for one in given] if isinstance(given, list | tuple) else given


def _rendered(template: str, **given: object) -> str:
    return _templates().get_template(f"{template}.jinja").render(**given).strip()


@lru_cache(maxsize=1)
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(FOLDER), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
