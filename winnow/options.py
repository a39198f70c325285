"""Options that several commands share, and the reading of NAME=PATH."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from .answer import BadUsage

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines; talk stays on stderr.")]
Inputs = Annotated[
    list[str] | None,
    typer.Option("--input", "-i", metavar="[NAME=]PATH", help="File, folder, glob, address (s3://…), or - for JSONL on stdin; may be given again."),
]
Output = Annotated[
    str | None, typer.Option("--output", "-o", metavar="PATH", help="File to write, a folder of parts (ending in /), or - for JSONL on stdout.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Approve without asking; recorded as approved by policy.")]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Processes that compute at the same time; the output does not depend on it.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace an output that is there already.")]
AcceptDrift = Annotated[
    bool, typer.Option("--accept-drift", help="Go on where steps keep far more or less than the approved preview said; it is recorded.")
]
OverBytes = Annotated[
    str | None, typer.Option("--over", metavar="SIZE", help="Also say what a run over so much of such data would take, as in 500GB or 1TB.")
]
AllRows = Annotated[
    bool | None,
    typer.Option("--all-rows/--sample", help="Read all rows for steps that compare them, or never; by default of up to 32 MB. The run reuses it."),
]
Columns = Annotated[
    list[str] | None, typer.Option("--column", metavar="NEW=OLD", help="The recipe's column NEW is called OLD in the data; may be given again.")
]
ScanAll = Annotated[bool, typer.Option("--scan-all", help="Read all of the input to find the column types, not a sample.")]
Seed = Annotated[int, typer.Option("--seed", help="Seed of everything drawn at random.")]
Model = Annotated[str | None, typer.Option("--model", metavar="ALIAS", help="Ask this model to plan; `winnow models` lists them.")]
Budget = Annotated[
    str | None,
    typer.Option("--budget", metavar="TOKENS|MONEY", help="Most that asking may cost: tokens, as in 50000 or 50k, or money, as in 0.50; or both."),
]
Values = Annotated[bool, typer.Option("--values/--no-values", help="Whether the model is shown single values of the data, at most 20.")]
Run = Annotated[str, typer.Argument(metavar="RUN", help="Id of a run, its first letters, or `last`.")]
Named = Annotated[str, typer.Argument(metavar="NAME[@V]|FILE", help="A stored recipe, one version of it, a recipe file, or builtin/NAME.")]

STANDARD = "-"
BARE = "stdin"
ENDING = re.compile(r"(\.[A-Za-z0-9]+)+$")


def named_inputs(given: Sequence[str] | None, known: Sequence[str] = ()) -> dict[str, str]:
    """Name → path. A bare path is named by the only source of the recipe, else by its file stem."""
    named: dict[str, str] = {}
    for text in given or ():
        name, path = _parts(text)
        if name is None:
            name = known[0] if len(known) == 1 else _free(_stem(path), named)
        if name in named:
            raise BadUsage(f"--input: {name!r} is given twice; give each input a name of its own, or one glob")
        named[name] = path if path == STANDARD else absolute(path)
    return named


def absolute(path: str) -> str:
    """A path as typed here: relative to this folder, not to the recipe's. A final slash stays: it means a folder; an address is as it is."""
    if "://" in path:
        return path
    return os.path.abspath(os.path.expanduser(path)) + ("/" if path.endswith("/") and len(path) > 1 else "")


@contextmanager
def destination(output: str | None, json: bool = False) -> Iterator[str | None]:
    """Where to write: the path, or for `-` a file whose rows go to stdout once they are whole."""
    if output != STANDARD:
        yield None if output is None else absolute(output)
        return
    if json:
        raise BadUsage("--output - and --json both want stdout; give one of them up")
    with TemporaryDirectory(prefix="winnow-") as folder:
        place = Path(folder) / "stdout.jsonl"
        yield str(place)
        if place.exists():
            with place.open("rb") as rows:
                copyfileobj(rows, sys.stdout.buffer)
            sys.stdout.flush()


def _parts(text: str) -> tuple[str | None, str]:
    match = re.fullmatch(r"([A-Za-z_][\w-]*)=(.+)", text, re.DOTALL)
    if match and not Path(text).exists():  # a file may have an = in its name
        return match[1], match[2]
    if not text:
        raise BadUsage("--input: the path is empty; give --input PATH or --input NAME=PATH")
    return None, text


def _stem(path: str) -> str:
    if path == STANDARD:
        return BARE
    parts = [part for part in Path(path).parts if not re.search(r"[*?\[]", part)]
    name = ENDING.sub("", Path(parts[-1]).name) if parts else ""
    name = re.sub(r"\W+", "_", name).strip("_")
    return name if name and not name[0].isdigit() else f"input_{name}".rstrip("_")


def _free(name: str, taken: dict[str, str]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def size_of(option: str, text: str) -> int:
    """The bytes that a size means."""
    units = {"": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", text.strip().lower())
    if not match or match[2] not in units:
        raise BadUsage(f"{option} {text!r}: give a size, as in 500MB or 2GB")
    return int(float(match[1]) * units[match[2]])


def seconds_of(option: str, text: str) -> int:
    """The seconds that a span of time means."""
    units = {"h": 3600, "d": 86_400, "w": 604_800}
    match = re.fullmatch(r"(\d{1,6})\s*([hdw])", text.strip().lower())
    if not match:
        raise BadUsage(f"{option} {text!r}: give hours, days or weeks, as in 12h, 30d or 8w")
    return int(match[1]) * units[match[2]]


def budget_of(text: str | None) -> tuple[int | None, float | None]:
    """Tokens and money of `50k`, `0.50` or `50k,0.50`: a whole number means tokens, one with a point or a sign of money means money."""
    tokens: int | None = None
    money: float | None = None
    for part in (text or "").split(",") if text is not None else ():
        match = re.fullmatch(r"(?:(?P<tokens>\d[\d_]*)\s*(?P<unit>[kKmM]?)|[$€£]\s*(?P<whole>\d+)|[$€£]?\s*(?P<money>\d*\.\d+))", part.strip())
        if not match:
            raise BadUsage(f"--budget {text!r}: give tokens, as in 50000 or 50k, or money, as in 0.50; or both: 50k,0.50")
        if match["tokens"]:
            tokens = int(match["tokens"].replace("_", "")) * {"": 1, "k": 1000, "m": 1_000_000}[match["unit"].lower()]
        else:
            money = float(match["whole"] or match["money"])
    return tokens, money
