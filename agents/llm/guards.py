"""What a model may not do, whatever it answers: bring in operators, files or addresses that nobody offered or named."""

import re
from collections.abc import Collection, Iterator, Mapping

from workflows.recipe import Recipe, Step

from .answers import Fault
from .quoting import plain

ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}:)//[\w.@%-]+|\bwww\.[\w-]+\.[\w.-]+|\bdata:[\w/+-]+[;,]|\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b", re.IGNORECASE
)
_LEAD = r"(?:^|(?<=[\s'\"`(=,:]))"
FILE = re.compile(
    rf"{_LEAD}(?:~|\.\.?)/[\w./-]*|{_LEAD}/(?:[\w.-]+/)+[\w.-]*|{_LEAD}/(?:etc|home|root|usr|var|proc|sys|dev|tmp|opt|bin|mnt|srv)\b[\w./-]*"
    rf"|{_LEAD}[A-Za-z]:\\[\w.\\-]*|{_LEAD}\\\\[\w.-]+\\"
)
MOST_WORDS = 500  # characters that a model may tell a person


def strangers(after: Recipe, before: Recipe, words: str, offered: Collection[str], columns: Collection[str]) -> Iterator[Fault]:
    """Faults of a recipe beside the one that stood: `words` are all that the person said, `columns` those of the data."""
    old = {step.id: step for step in before.steps}
    known = {*offered, *(_bare(step) for step in before.steps)}
    for step in after.steps:
        if _bare(step) not in known:
            yield Fault(f"{step.id}.op", f"no operator {_bare(step)[:60]!r} is offered", ", ".join(sorted(offered)[:5]))
        if step != old.get(step.id):
            yield from _texts(step, words, columns)
    for name, source in after.sources.items():
        if source != before.sources.get(name):
            yield Fault(f"sources.{name}", "inputs are the person's to give", ", ".join(before.sources))
    for text in after.checks:
        if text not in before.checks and (found := foreign(text, words)):
            yield Fault("checks", f"{found[:60]!r} was not named by the person")


def foreign(text: str, words: str) -> str:
    """The first file or address in a text that the person's words do not hold."""
    for pattern in (ADDRESS, FILE):
        for match in pattern.finditer(text):
            if match[0].rstrip("./,") not in words:
                return match[0]
    return ""


def files_of(words: str) -> tuple[str, ...]:
    """Paths that the person wrote."""
    return tuple(dict.fromkeys(match[0].rstrip(".,") for match in FILE.finditer(words)))


def to_person(text: str, words: str) -> str:
    """A model's words as a person may see them: short, on one line, nothing hidden, no address but their own."""
    shown = plain(text, MOST_WORDS)
    for pattern in (ADDRESS, FILE):
        shown = pattern.sub(lambda match: match[0] if match[0].rstrip("./,") in words else "[left out]", shown)
    return shown


def _texts(step: Step, words: str, columns: Collection[str]) -> Iterator[Fault]:
    for key, given in (("with", step.params), ("on", step.on), ("as", step.rename)):
        for text in _strings(given):
            if text not in columns and (found := foreign(text, words)):
                yield Fault(f"{step.id}.{key}", f"{found[:60]!r} was not named by the person", "only files and addresses that the person wrote")


def _strings(given: object) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping):
        for name, one in given.items():
            yield str(name)
            yield from _strings(one)
    elif isinstance(given, list | tuple):
        for one in given:
            yield from _strings(one)


def _bare(step: Step) -> str:
    return step.op.partition("@")[0]
