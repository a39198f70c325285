"""Ours and a peer by turns over the same rows, and what their best turns come to, less what they take for a hundred rows."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from . import score
from .files import HUNDRED, Files
from .tools import PEERS, Ours, Peer, Work
from .turns import Log, Turn

TURNS = 2
SLOW = 20.0  # seconds: after a turn that took longer the peer has no second one
INPUT: dict[Work, tuple[str, str]] = {"filters": ("full", "filters"), "near": ("near", "near"), "both": ("full", "full"), "exact": ("full", "full")}
AGREE = 0.98  # least agreement of decisions for a ratio to mean anything
PRECISION, RECALL = 0.6, 0.85  # and least of these


@dataclass(frozen=True)
class Figures:
    """What the best of some turns of a tool over a file came to; `start_…` is what it takes for a hundred rows."""

    tool: str
    megabytes: float
    rows: int
    seconds: float
    cpu_seconds: float
    memory_mb: float
    start_seconds: float
    start_cpu_seconds: float
    rows_out: int
    kept: str

    @property
    def wall_speed(self) -> float:
        """MB a second, less the start."""
        return self.megabytes / max(1e-3, self.seconds - self.start_seconds)

    @property
    def core_speed(self) -> float:
        """MB a CPU second, less the start."""
        return self.megabytes / max(1e-3, self.cpu_seconds - self.start_cpu_seconds)

    @property
    def row_speed(self) -> float:
        return self.rows / max(1e-3, self.seconds - self.start_seconds)

    def ids(self) -> list[int]:
        found: list[int] = np.load(self.kept).tolist()
        return found


@dataclass(frozen=True)
class Round:
    """Ours beside one tool: figures of both, or why there are none; `outputs` says how alike what they gave is."""

    work: Work
    ours: Figures | None
    theirs: Figures | None
    name: str
    outputs: str
    reason: str  # why no ratio is shown; empty where one is


def rounds(work: Work, log: Log) -> list[Round]:
    """Every tool of a work: ours alone where no peer does it."""
    others: Iterable[Peer | Ours] = PEERS[work] or (Ours(),)
    more = (Ours("parquet"),) if work == "filters" else ()
    return [_round(work, log, other) for other in (*others, *more)]


def _round(work: Work, log: Log, other: Peer | Ours) -> Round:
    ours, own, their = Ours(), *INPUT[work]
    their = own if isinstance(other, Ours) else their
    turns: dict[tuple[str, str], list[Turn]] = {}
    for file, their_file in (("hundred", "hundred"), (own, their)):
        for turn in range(TURNS):
            for tool, path in ((ours, file), (other, their_file)):
                done = turns.setdefault((tool.name, path), [])
                slow = tool.name != ours.name and any(one.seconds > SLOW for one in done)
                failed = any(one.error for found in turns.values() for one in found if one.tool == tool.name)
                if len(done) <= turn and not slow and not failed:
                    done.append(log.take(work, path, tool, other.name, turn))
    mine, theirs = _figures(turns, ours.name, own, log.files), _figures(turns, other.name, their, log.files)
    wrong = next((turn.error for found in turns.values() for turn in found if turn.error), "")
    outputs, reason = ("", wrong) if mine is None or theirs is None else _compared(work, mine, theirs, other, log.files)
    return Round(work, mine, theirs, other.name, outputs, reason)


def _figures(turns: dict[tuple[str, str], list[Turn]], tool: str, file: str, files: Files) -> Figures | None:
    starts = [turn for turn in turns[tool, "hundred"] if not turn.error]
    whole = [turn for turn in turns[tool, file] if not turn.error]
    if not starts or not whole:
        return None
    start, best = (min(found, key=lambda turn: turn.seconds) for found in (starts, whole))
    return Figures(
        tool=tool,
        megabytes=files.megabytes(file) - files.megabytes("hundred"),
        rows=files.rows(file) - HUNDRED,
        seconds=best.seconds,
        cpu_seconds=min(turn.cpu_seconds for turn in whole),
        memory_mb=max(turn.memory_mb for turn in whole),
        start_seconds=start.seconds,
        start_cpu_seconds=min(turn.cpu_seconds for turn in starts),
        rows_out=best.rows,
        kept=best.kept,
    )


def _compared(work: Work, ours: Figures, theirs: Figures, other: Peer | Ours, files: Files) -> tuple[str, str]:
    """How alike the outputs are, and why they cannot be compared, if so."""
    rows = files.rows(INPUT[work][1])
    mine, given = [row for row in ours.ids() if row < rows], theirs.ids()
    if wrong := score.unlike(given, files.rows(INPUT[work][0]) if isinstance(other, Ours) else rows):
        return "", wrong
    if isinstance(other, Ours):
        same = theirs.rows_out == ours.rows_out
        return f"{theirs.rows_out:,} rows stay", "" if same else f"{ours.rows_out:,} rows stay in JSONL"
    if work == "filters":
        return _decided(mine, given, rows, other)
    if work == "exact":
        return f"{len(given):,} rows stay", "" if len(given) == len(mine) else f"{len(mine):,} rows stay of ours"
    own, found = (score.removal(kept, files.clusters(INPUT[work][1], tool.split)) for kept, tool in ((mine, Ours()), (given, other)))
    told = f"{found.precision:.3f} / {found.recall:.3f}, ours {own.precision:.3f} / {own.recall:.3f}"
    right = all(one.precision >= PRECISION and one.recall >= RECALL for one in (own, found))
    return told, "" if right else f"too few are right: {told}"


def _decided(ours: list[int], theirs: list[int], rows: int, other: Peer | Ours) -> tuple[str, str]:
    if other.name != "datatrove":
        return f"other, lighter filters: {len(theirs):,} of {rows:,} rows stay", ""
    same = score.agreement(ours, theirs, rows)
    return f"{same:.2%} same decisions", "" if same >= AGREE else f"only {same:.2%} of decisions are the same"
