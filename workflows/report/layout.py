"""A recipe as a drawing: layers by longest path, order by barycentre, positions by neighbours."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

LETTER = 6.9  # width of a character of 12 px, about
HEIGHT, GAP, LAYER, MARGIN = 44.0, 28.0, 42.0, 12.0
NARROWEST, WIDEST = 120.0, 250.0
SWEEPS = 8
SLICE = 5  # layers of a piece that a page break may fall before


@dataclass(frozen=True, kw_only=True)
class Box:
    """A source, step or output before it has a place."""

    id: str
    kind: str
    title: str
    subtitle: str
    gone: int = 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """A stream of rows from box to box."""

    start: str
    end: str
    label: str
    rows: int | None = None
    is_reference: bool = False


@dataclass(frozen=True, kw_only=True)
class PlacedBox:
    box: Box
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class PlacedLine:
    line: Line
    path: str
    x: float  # of its words
    y: float
    width: float
    top: float
    bottom: float


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Everything in its place, in pixels."""

    width: float
    height: float
    boxes: tuple[PlacedBox, ...]
    lines: tuple[PlacedLine, ...]

    @property
    def slices(self) -> tuple[tuple[float, float], ...]:
        """Top and height of pieces that go one below the other without a seam, cut where no words are: a page break may fall between."""
        layer = HEIGHT + LAYER
        cuts = [MARGIN + SLICE * layer * turn - 4 for turn in range(1, ceil((self.height - 2 * MARGIN) / layer / SLICE))]
        return tuple((top, bottom - top) for top, bottom in pairwise([0.0, *cuts, self.height]))


def draw(boxes: Sequence[Box], lines: Sequence[Line]) -> Drawing:
    """Lay a graph out from top to bottom. A line over several layers bends through each of them."""
    layer = _layers([box.id for box in boxes], lines)
    widths = {box.id: _width(box) for box in boxes}
    chains: list[list[str]] = []
    for number, line in enumerate(lines):
        between = range(layer[line.start] + 1, layer[line.end])
        bends = [f"\0{number}:{level}" for level in between]
        layer |= dict(zip(bends, between, strict=True))
        widths |= dict.fromkeys(bends, 16.0)
        chains.append([line.start, *bends, line.end])
    levels: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for name, level in layer.items():
        levels[level].append(name)
    above, below = _neighbours(chains)
    _order(levels, above, below)
    x = _positions(levels, widths, above, below)
    left = min((x[name] - widths[name] / 2 for name in x), default=0.0)
    x = {name: value - left + MARGIN for name, value in x.items()}
    y = {name: MARGIN + level * (HEIGHT + LAYER) for name, level in layer.items()}
    return Drawing(
        width=max((x[name] + widths[name] / 2 for name in x), default=0.0) + MARGIN,
        height=len(levels) * (HEIGHT + LAYER) - LAYER + 2 * MARGIN,
        boxes=tuple(PlacedBox(box=box, x=x[box.id] - widths[box.id] / 2, y=y[box.id], width=widths[box.id], height=HEIGHT) for box in boxes),
        lines=tuple(_placed(line, chain, x, y, lines) for line, chain in zip(lines, chains, strict=True)),
    )


def _layers(names: Sequence[str], lines: Sequence[Line]) -> dict[str, int]:
    """Longest path from a source. Names come in running order, so that each stands after all it reads from."""
    layer = dict.fromkeys(names, 0)
    into = defaultdict(list)
    for line in lines:
        into[line.end].append(line.start)
    for name in names:
        layer[name] = max((layer[start] + 1 for start in into[name]), default=0)
    for name in names:  # a source stands right above its first reader
        readers = [layer[line.end] for line in lines if line.start == name]
        if not into[name] and readers:
            layer[name] = min(readers) - 1
    return layer


def _neighbours(chains: Sequence[Sequence[str]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    above: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[str]] = defaultdict(list)
    for chain in chains:
        for one, other in pairwise(chain):
            above[other].append(one)
            below[one].append(other)
    return above, below


def _order(levels: list[list[str]], above: Mapping[str, list[str]], below: Mapping[str, list[str]]) -> None:
    """Fewer crossings: each stands near the middle of those it is joined to, from above and from below in turn."""
    for turn in range(SWEEPS):
        side = above if turn % 2 == 0 else below
        at = {name: place / max(1, len(level) - 1) if len(level) > 1 else 0.5 for level in levels for place, name in enumerate(level)}
        for level in levels if turn % 2 == 0 else reversed(levels):
            level.sort(key=lambda name: _mean([at[one] for one in side.get(name, ())], at[name]))
            at |= {name: place / max(1, len(level) - 1) if len(level) > 1 else 0.5 for place, name in enumerate(level)}


def _positions(
    levels: Sequence[Sequence[str]], widths: Mapping[str, float], above: Mapping[str, list[str]], below: Mapping[str, list[str]]
) -> dict[str, float]:
    x = {name: 0.0 for level in levels for name in level}
    for turn in range(SWEEPS + 1):
        sides = (above, below, {name: [*above.get(name, ()), *below.get(name, ())] for name in x})
        side = sides[turn % 2] if turn < SWEEPS else sides[2]
        for level in levels if turn % 2 == 0 else reversed(levels):
            wanted = [_mean([x[one] for one in side.get(name, ())], x[name]) for name in level]
            x |= dict(zip(level, _apart(wanted, [widths[name] for name in level]), strict=True))
    return x


def _apart(wanted: Sequence[float], widths: Sequence[float]) -> list[float]:
    """As near to where each wants to stand as their widths allow: the mean of pushing all right and of pushing all left."""
    right, left = list(wanted), list(wanted)
    room = [(one + other) / 2 + GAP for one, other in pairwise(widths)]
    for at in range(1, len(right)):
        right[at] = max(right[at], right[at - 1] + room[at - 1])
    for at in range(len(left) - 2, -1, -1):
        left[at] = min(left[at], left[at + 1] - room[at])
    return [(one + other) / 2 for one, other in zip(right, left, strict=True)]


def _placed(line: Line, chain: Sequence[str], x: Mapping[str, float], y: Mapping[str, float], lines: Sequence[Line]) -> PlacedLine:
    points = [(x[chain[0]], y[chain[0]] + HEIGHT)]
    for bend in chain[1:-1]:
        points += [(x[bend], y[bend]), (x[bend], y[bend] + HEIGHT)]
    points.append((x[chain[-1]], y[chain[-1]]))
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = (y1 + y2) / 2
        path += f" C{x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2:.1f}"
    most = max((one.rows or 0 for one in lines), default=0)
    share = (line.rows or 0) / most if most else 0.0
    label = _label(line, points, lines)
    return PlacedLine(line=line, path=path, x=label[0], y=label[1], width=1.2 + 5 * share, top=points[0][1], bottom=points[-1][1])


def _label(line: Line, points: Sequence[tuple[float, float]], lines: Sequence[Line]) -> tuple[float, float]:
    """On the first bend, away from the end where other lines meet it."""
    fans_out, fans_in = (sum(getattr(one, side) == getattr(line, side) for one in lines) > 1 for side in ("start", "end"))
    t = 0.5 if fans_out == fans_in else 0.72 if fans_out else 0.28
    (x1, y1), (x2, y2) = points[0], points[1]
    bent = 3 * t**2 - 2 * t**3
    return x1 + (x2 - x1) * bent, y1 + (y2 - y1) * (t**3 + 1.5 * t * (1 - t))


def _width(box: Box) -> float:
    gone = len(f" −{box.gone:,}") if box.gone else 0
    longest = max(len(box.title) * 1.06, (len(box.subtitle) + gone) * 0.9)
    return min(WIDEST, max(NARROWEST, longest * LETTER + 28))


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
