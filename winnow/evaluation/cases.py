"""The goals of a file: what is asked, of which inputs, and what has to hold of the rows that come out."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from winnow.answer import BadUsage

MOST_CHARACTERS = 32 << 20
MEANT = {"run": "run", "ask": "asked", "refuse": "refused"}
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]\w*$")]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Input(Part):
    """Rows that a goal is given: a file as it lies there, or rows that are shaped from it first."""

    name: Name
    path: str | None = Field(default=None, description="File with the rows, relative to the root.")
    extra: str | None = Field(default=None, description="A second file, the table `extra` of `select`.")
    select: str | None = Field(default=None, description="DuckDB SQL over the table `src`, and `extra`.")
    rows: tuple[dict[str, Any], ...] | None = Field(default=None, description="The rows themselves.")
    files: dict[str, str] | None = Field(default=None, description="A folder of files: name → text.")
    encoding: str = Field(default="utf-8", description="Of these files.")
    limit: int | None = Field(default=None, ge=0, description="The first so many rows.")
    append: tuple[dict[str, Any], ...] = Field(default=(), description="Rows added at the end.")
    write: Literal["jsonl", "csv", "parquet", "arrow"] | None = Field(default=None, alias="as", description="Format in which shaped rows are given.")
    hidden: bool = Field(default=False, description="For the checks alone.")

    @property
    def is_shaped(self) -> bool:
        """Whether its rows are written anew."""
        return self.path is None or bool(self.append) or any(one is not None for one in (self.select, self.rows, self.limit, self.write))


class Output(Part):
    format: str = "jsonl"
    path: str | None = Field(default=None, description="Within the folder of the case; a final slash means a folder.")


class Check(Part):
    """What must hold of the output: a Python expression or a DuckDB query that gives one boolean."""

    name: str = ""
    py: str | None = None
    sql: str | None = None


class Gold(Part):
    """The operators and parameters of a good recipe, where there is one way to do it right."""

    operators: tuple[str, ...]
    params: dict[str, Any] = Field(default={}, description="OPERATOR.PARAMETER → value.")


class Case(Part):
    """One goal, or a chat of several messages."""

    id: str
    level: str = "easy"
    goal: str
    turns: tuple[str, ...] = ()
    inputs: tuple[Input, ...]
    output: Output = Output()
    expect: str = "run"
    mention: tuple[str, ...] = Field(default=(), description="Words that must be said; `a|b` is met by either.")
    repeat: bool = Field(default=False, description="Run twice: the same bytes must come out.")
    needs: tuple[str, ...] = Field(default=(), description="Optional parts without which it can be left out.")
    checks: tuple[Check, ...] = ()
    gold: Gold | None = None

    @model_validator(mode="after")
    def _can_be_played(self) -> "Case":
        if unknown := [one for one in self.expect.split("|") if one.strip() not in MEANT]:
            raise ValueError(f"expect: {unknown[0]!r} is none of {', '.join(MEANT)}")
        if not any(not one.hidden for one in self.inputs):
            raise ValueError("inputs: no input is given to the command")
        return self

    @property
    def wanted(self) -> frozenset[str]:
        """What may come of it: `run`, `asked`, `refused`."""
        return frozenset(MEANT[one.strip()] for one in self.expect.split("|"))


def load(file: Path, root: Path | None = None, only: Collection[str] = (), without: Collection[str] = ()) -> tuple[list[Case], Path]:
    """The cases of a file and the folder that their paths start from. `without`: needs whose cases are left out.

    A case with `same_as: FILE#ID` has all that it does not say itself from that case; FILE is relative to the root.
    """
    told = _read(file)
    root = _root(file, told, root)
    bases = {str(name): _base(str(name), root) for one in told if (name := one.get("same_as"))}
    cases = [_case(_joined(one, bases), file) for one in told]
    if double := {one.id for one in cases if sum(other.id == one.id for other in cases) > 1}:
        raise BadUsage(f"{str(file)!r}: two cases have the id {min(double)!r}")
    if unknown := set(only) - {one.id for one in cases}:
        raise BadUsage(f"--only: {str(file)!r} has no case {min(unknown)!r}")
    return [one for one in cases if (not only or one.id in only) and not set(without) & set(one.needs)], root


def within(root: Path, path: str) -> Path:
    """A path of a case, which may not lead out of the folder it is relative to: a file of goals may come from anyone."""
    found = (root / path).resolve()
    if not found.is_relative_to(root.resolve()):
        raise BadUsage(f"path {path!r} leads out of {str(root)!r}")
    return found


def _read(file: Path) -> list[dict[str, Any]]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        text = file.read_text(encoding="utf-8")
        if len(text) > MOST_CHARACTERS:
            raise BadUsage(f"{str(file)!r} is longer than {MOST_CHARACTERS:,} characters")
        told = YAML(typ="safe").load(text)
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise BadUsage(f"{str(file)!r} cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise BadUsage(f"{str(file)!r} is no list of cases; each has id, goal, inputs and checks")
    return told


def _root(file: Path, told: Sequence[Mapping[str, Any]], given: Path | None) -> Path:
    """The folder in which the first path of the file is there: the one given, else the nearest parent of the file."""
    first = next((path for one in told for path in _paths(one)), None)
    if first is None:
        return given or file.resolve().parent
    found = next((folder for folder in ([given] if given else file.resolve().parents) if (folder / first).exists()), None)
    if found is None:
        place = str(given) if given else f"any parent of {str(file)!r}"
        raise BadUsage(f"{first!r} is not in {place}; say with --root where the paths of the file start")
    return found


def _paths(told: Mapping[str, Any]) -> list[str]:
    if "same_as" in told:
        return [str(told["same_as"]).partition("#")[0]]
    inputs = told.get("inputs")
    return [str(one["path"]) for one in inputs if isinstance(one, dict) and "path" in one] if isinstance(inputs, list) else []


def _base(name: str, root: Path) -> Mapping[str, Any]:
    path, _, wanted = name.partition("#")
    found = next((one for one in _remembered(within(root, path)) if one.get("id") == wanted), None)
    if found is None:
        raise BadUsage(f"same_as {name!r}: there is no such case")
    return found


_bases: dict[Path, list[dict[str, Any]]] = {}


def _remembered(file: Path) -> list[dict[str, Any]]:
    if file not in _bases:
        _bases[file] = _read(file)
    return _bases[file]


def _joined(told: Mapping[str, Any], bases: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    own = dict(told)
    base = bases.get(str(own.pop("same_as", "")), {})
    return {**base, **own}


def _case(told: Mapping[str, Any], file: Path) -> Case:
    try:
        return Case.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(one) for one in first["loc"])
        said = " ".join(str(first["msg"]).removeprefix("Value error, ").split())
        raise BadUsage(f"{str(file)!r}, case {str(told.get('id', '?'))!r}: {f'{place}: ' if place else ''}{said}") from None
