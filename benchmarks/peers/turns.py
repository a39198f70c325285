"""One turn of one tool over one file, its figures kept as JSON lines so that a bench that was cut off goes on where it was."""

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import orjson
import pyarrow.parquet as pq

from ..tree import measure
from .files import Files
from .tools import Ours, Peer, Work
from .venvs import NotInstalled

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 400.0  # seconds that a turn may take
SHOWN_ONLY = {"tables.py", "page.py", "__main__.py", "score.py"}  # code that no turn depends on


@dataclass(frozen=True)
class Turn:
    """What one run of a tool took, from the start of its process to its end. `error` is empty where it went well."""

    work: str
    file: str
    tool: str
    against: str
    turn: int
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_mb: float = 0.0
    rows: int = 0
    kept: str = ""
    error: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        return self.work, self.file, self.tool, self.against, self.turn


class Log:
    """The turns of one state of the code and one corpus; those of another are forgotten."""

    def __init__(self, path: Path, files: Files) -> None:
        self.path, self.files = path, files
        self.state = f"{_digest()}-{files.seed}-{files.scale:g}"
        self.turns: dict[tuple[str, str, str, str, int], Turn] = {}
        if path.exists():
            told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            found = [Turn(**one["turn"]) for one in told if one["state"] == self.state]
            self.turns = {turn.key: turn for turn in found if not turn.error}  # what went wrong is tried again
        if not self.turns:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)

    def take(self, work: Work, file: str, tool: Ours | Peer, against: str, turn: int) -> Turn:
        """The turn as it was measured before, or measured now."""
        known = Turn(work, file, tool.name, against, turn)
        if known.key not in self.turns:
            found = _measured(known, work, self.files, tool, self.path.parent / "kept")
            with open(self.path, "a", encoding="utf-8") as file_of_turns:
                file_of_turns.write(json.dumps({"state": self.state, "at": time.strftime("%F %T"), "turn": asdict(found)}) + "\n")
            what = found.error or f"{found.seconds:.2f} s, {found.cpu_seconds:.2f} CPU s, {found.memory_mb:.0f} MB, {found.rows} rows"
            sys.stderr.write(f"{work} {file} {tool.name} turn {turn}: {what}; load {os.getloadavg()[0]:.1f}\n")
            self.turns[found.key] = found
            if found.error and isinstance(tool, Ours):
                raise SystemExit(f"ours failed, so there is nothing to compare: {found.error}")
        return self.turns[known.key]

    def close(self) -> None:
        """Put the turns aside: the next bench measures anew."""
        self.path.replace(self.path.with_name(f"turns-{time.strftime('%Y%m%d-%H%M%S')}.jsonl"))


def _measured(turn: Turn, work: Work, files: Files, tool: Ours | Peer, place: Path) -> Turn:
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as name:
        folder = Path(name)
        try:
            order = tool.order(work, files, turn.file, folder, turn.turn)
        except NotInstalled as error:
            return Turn(*turn.key, error=str(error))
        for path in files.folder.glob(f"{turn.file}*.jsonl"):
            _warm(path)
        log = folder / "log"
        peak = measure(order.command, 0.1, log, LIMIT, env=order.environment, cwd=folder)
        if peak.status:
            return Turn(*turn.key, error=f"ended with {peak.status} after {peak.seconds:.0f} s: {_last_line(log)}")
        try:
            kept = np.fromiter(_rows(order.output), np.int64)
        except (OSError, KeyError, ValueError) as error:
            return Turn(*turn.key, error=f"its output cannot be read: {error!r}")
        place.mkdir(parents=True, exist_ok=True)
        held = place / f"{turn.work}-{turn.file}-{tool.name.replace(' ', '-')}.npy"
        np.save(held, kept)
        return Turn(*turn.key, peak.seconds, peak.cpu_seconds, peak.pss_mb, len(kept), str(held))


def _rows(output: Path) -> Iterator[int]:
    """The numbers of the rows that are in an output."""
    for path in sorted(output.iterdir()) if output.is_dir() else [output]:
        if path.suffix == ".parquet":
            yield from (number - 1 for number in pq.read_table(path, columns=["id"])["id"].to_pylist())
        else:
            with open(path, "rb") as lines:
                yield from (int(orjson.loads(line)["id"]) - 1 for line in lines)


def _warm(path: Path) -> None:
    with open(path, "rb") as file, open(os.devnull, "wb") as nowhere:
        shutil.copyfileobj(file, nowhere, 1 << 22)


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "it said nothing"


def _digest() -> str:
    """Of all code that a turn depends on."""
    digest = hashlib.sha256()
    for room in ("winnow", "workflows", "tools", "benchmarks"):
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in {".py", ".txt", ".json"} and path.name not in SHOWN_ONLY:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
