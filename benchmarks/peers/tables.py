"""What was measured as Markdown: one table a work, ours first."""

from collections.abc import Iterator

from .rounds import Figures, Round
from .tools import Work

HEAD = "| tool | MB | docs/s | MB/s | MB/s per core | CPU s | s | start, s | memory, MB | ours, per core | ours, by the clock | outputs |"
TITLES: dict[Work, str] = {
    "filters": "Quality filters",
    "near": "Near-duplicates",
    "both": "Filters and near-duplicates in one recipe",
    "exact": "Exact duplicates, case and white space aside",
}


def table(work: Work, found: list[Round]) -> list[str]:
    """The table of a work. The best of ours stands first, whatever it ran beside."""
    ours = [one.ours for one in found if one.ours]
    rows = [_row(min(ours, key=lambda one: one.seconds), "", "", "")] if ours else []
    return ["", f"### {TITLES[work]}", "", HEAD, "|---" * HEAD.count(" | ") + "|---|", *rows, *(row for one in found for row in _beside(one))]


def sums(filters: list[Round], near: list[Round], both: list[Round]) -> list[str]:
    """Our one recipe against the fastest peer for filters followed by the fastest for near-duplicates."""
    (own,) = (one.ours for one in both)
    first, second = (_fastest(found) for found in (filters, near))
    if own is None or first is None or second is None:
        return []
    wall = 1 / (1 / first.wall_speed + 1 / second.wall_speed)
    core = 1 / (1 / first.core_speed + 1 / second.core_speed)
    return [
        "",
        f"{first.tool} and then {second.tool}, the fastest two peers, come to {wall:.1f} MB/s, {core:.1f} a core: ours is "
        f"{own.wall_speed / wall:.1f}× as fast by the clock, {own.core_speed / core:.1f}× per core.",
    ]


def starts(found: dict[Work, list[Round]]) -> list[str]:
    """A hundred documents from process start to exit."""
    rows: dict[tuple[str, str], float] = {}
    for work, rounds in found.items():
        for figures in (one for each in rounds for one in (each.ours, each.theirs) if one):
            key = (figures.tool, TITLES[work].lower())
            rows[key] = min(figures.start_seconds, rows.get(key, 1e9))
    lines = [f"| {tool} | {title} | {seconds:.2f} |" for (tool, title), seconds in sorted(rows.items(), key=lambda item: item[1])]
    return ["", "### A hundred documents, from the start of the process to its end", "", "| tool | work | s |", "|---|---|---|", *lines]


def _beside(one: Round) -> Iterator[str]:
    if one.theirs is None:
        yield f"| {one.name} |{' |' * 10} {one.reason} |"
    elif one.name == (one.ours.tool if one.ours else ""):
        return  # ours beside ours: the first row has it
    elif one.ours is None or one.reason:
        yield _row(one.theirs, "", "", one.reason)
    elif one.name.startswith("winnow"):
        yield _row(one.theirs, "", "", one.outputs)
    else:
        core, wall = one.ours.core_speed / one.theirs.core_speed, one.ours.wall_speed / one.theirs.wall_speed
        yield _row(one.theirs, f"{core:.1f}×", f"{wall:.1f}×", one.outputs)


def _row(own: Figures, core: str, wall: str, outputs: str) -> str:
    speeds = f"{own.row_speed:,.0f} | {own.wall_speed:.1f} | {own.core_speed:.1f}"
    taken = f"{own.cpu_seconds:.1f} | {own.seconds:.1f} | {own.start_seconds:.2f} | {own.memory_mb:.0f}"
    return f"| {own.tool} | {own.megabytes:.0f} | {speeds} | {taken} | {core} | {wall} | {outputs} |"


def _fastest(found: list[Round]) -> Figures | None:
    peers = [one.theirs for one in found if one.theirs and not one.reason and not one.name.startswith("winnow")]
    return max(peers, key=lambda one: one.wall_speed, default=None)
