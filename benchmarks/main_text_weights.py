"""Trains the weights of `extract_main_text` and writes tools/pages/*_weights.py: `python -m benchmarks.main_text_weights PLACE`.

PLACE is trafilatura's evaluation set as JSON lines (.zst). Half of the sites, drawn by a hash of their name, decide nothing. A block that
holds a marked string counts as that says; of all others trafilatura's opinion counts, for much less.
"""

import math
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tools.pages import judge
from tools.pages.blocks import Page, read
from tools.pages.context import UNIT, context
from tools.pages.features import OPENING_WORDS, WORD, features, tokens

from .boosting import Trees, Whole, grow
from .main_text_pages import Marked, pages, squeeze

FOLDER = Path(judge.__file__).parent
HEAD = '"""Weights of `extract_main_text`, written by `python -m benchmarks.main_text_weights`; see NOTICE for the data that they come from."""\n'
Real = npt.NDArray[np.float64]
TREES, DEPTH, RATE = 80, 5, 0.12
OPINION, MARK, ONCE_MARKED = 0.3, 8.0, 4.0
NAME_PAGES, WORD_PAGES, COMMON, LEAST_SAID = 4, 6, 0.4, 15
WHOLE = 1000  # answers of trees are shipped in thousandths
SHORT, WIDTH = 15, 150
FOLDS = 5
Tables = tuple[dict[str, int], dict[str, int]]


class Lesson:
    """A page cut into blocks, what each of them is, and how much that counts."""

    def __init__(self, marked: Marked, opinion: str) -> None:
        self.page: Page = read(marked.html)
        self.fold = marked.fold
        texts = [squeeze(block.text) for block in self.page.blocks]
        said = _letters(opinion)
        self.wanted = np.array([bool(_letters(text)) and _letters(text) in said for text in texts], np.float64)
        size = np.array([len(text) for text in texts], np.float64)
        self.weight = OPINION * np.clip(np.sqrt(size / 50), 0.3, 3) * min(1.0, 150 / max(len(texts), 1))
        self.size = np.sqrt(np.minimum(size, 400)) * 0.2
        self.seen: Whole = np.zeros((0, 0), np.int32)
        if marked.wanted:
            self._mark(texts, marked)

    def _mark(self, texts: Sequence[str], marked: Marked) -> None:
        marks, held = np.full(len(texts), -1.0), np.zeros(len(texts))
        for is_wanted, strings in ((0.0, marked.unwanted), (1.0, marked.wanted)):
            for string in map(squeeze, strings):
                hits = [place for place, text in enumerate(texts) if string in text]
                hits = hits or [place for place, text in enumerate(texts) if len(text) >= SHORT and text in string]
                likely = [place for place in hits if self.wanted[place]] if is_wanted and len(hits) > 1 else []
                for place in likely or hits:  # a heading may stand in the menu too: then one of them is enough
                    marks[place] = is_wanted
                    held[place] += 1 / len(likely or hits) if is_wanted else 1
        is_marked = marks >= 0
        self.wanted[is_marked] = marks[is_marked]
        self.weight[is_marked] = MARK * held[is_marked]
        self.size[is_marked] *= ONCE_MARKED


def tables(lessons: Sequence[Lesson]) -> Tables:
    """How much the names of elements, and the first words of blocks, speak for main text; each page counts once."""
    names, words = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for lesson in lessons:
        good, mass = _sums(lesson.wanted * lesson.size), _sums(lesson.size)
        named, said = defaultdict[str, Real](lambda: np.zeros(2)), defaultdict[str, Real](lambda: np.zeros(2))
        for element in lesson.page.elements:
            if element.stop > element.start:
                share = np.array([good[element.stop] - good[element.start], mass[element.stop] - mass[element.start]])
                for token in tokens(element.key):
                    named[token] += share
        for place, block in enumerate(lesson.page.blocks):
            share = np.array([lesson.wanted[place] * lesson.size[place], lesson.size[place]])
            for token in tokens(block.inner) if block.inner else ():
                named[token] += share
            for word in WORD.findall(block.text[:160].lower())[:OPENING_WORDS]:
                said[word] += share
        for found, shares in ((named, names), (said, words)):
            for token, (part, whole) in found.items():
                shares[token].append(part / whole)
    return _weights(names, NAME_PAGES), _weights(words, WORD_PAGES)


def _weights(shares: dict[str, list[float]], least: int) -> dict[str, int]:
    found = {}
    for token, parts in shares.items():
        good = sum(parts)
        odds = math.log((good + COMMON) / (len(parts) - good + 1 - COMMON)) - math.log(COMMON / (1 - COMMON))
        if len(parts) >= least and abs(round(UNIT * odds)) > LEAST_SAID:
            found[token] = round(UNIT * odds)
    return dict(sorted(found.items()))


def trained(lessons: Sequence[Lesson]) -> tuple[Tables, Trees, Trees]:
    """Both stages. What the second learns from is said by tables and trees that have not seen the page."""
    for fold in range(FOLDS):
        said = tables([one for one in lessons if one.fold != fold])
        for one in lessons:
            if one.fold == fold:
                one.seen = features(one.page, *said)
    rows = {}
    for fold in range(FOLDS):
        guess = _grown([one for one in lessons if one.fold != fold], {}, fold)
        for place, one in enumerate(lessons):
            if one.fold == fold:
                rows[place] = np.concatenate([one.seen, context(one.page, _whole(guess.sums(one.seen), UNIT))], axis=1)
    return tables(lessons), _grown(lessons, {}, FOLDS), _grown(lessons, rows, FOLDS + 1)


def _grown(lessons: Sequence[Lesson], rows: dict[int, Whole], seed: int) -> Trees:
    seen = np.concatenate([rows.get(place, one.seen) for place, one in enumerate(lessons)])
    wanted, weight = (np.concatenate([getattr(one, name) for one in lessons]) for name in ("wanted", "weight"))
    return grow(seen, wanted, weight, trees=TREES, depth=DEPTH, rate=RATE, seed=seed)


def modules(said: Tables, first: Trees, second: Trees) -> dict[str, str]:
    """The modules that ship them, by name."""
    made = {}
    for name, table in zip(("NAMES", "WORDS"), said, strict=True):
        made[f"{name.lower()[:-1]}_weights"] = f"{name} = {{\n{_lines([f'{key!r}: {value},' for key, value in table.items()])}}}\n"
    parts = [f"UNIT = {WHOLE}\n"]
    for name, trees in (("FIRST", first), ("SECOND", second)):
        asked = [f"{number}," for columns, bounds, _ in trees.grown for pair in zip(columns, bounds, strict=True) for number in pair]
        answers = [f"{number}," for _, _, said in trees.grown for number in _whole(said, WHOLE).tolist()]
        numbers = f"    (\n{_lines(asked)}    ),\n    (\n{_lines(answers)}    ),\n"
        parts.append(f"{name} = (\n    {round(trees.bias * WHOLE)},\n    {DEPTH},\n{numbers})\n")
    return {name: f"{HEAD}\n# fmt: off\n{text}" for name, text in {**made, "tree_weights": "".join(parts)}.items()}


def _lines(pieces: Sequence[str]) -> str:
    lines = [""]
    for piece in pieces:
        if len(lines[-1]) + len(piece) > WIDTH - 6:
            lines.append("")
        lines[-1] += " " + piece if lines[-1] else piece
    return "".join(f"    {line}\n" for line in lines)


def _whole(values: Real, unit: int) -> npt.NDArray[np.int64]:
    return np.round(values * unit).astype(np.int64)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


def _sums(values: Real) -> Real:
    return np.concatenate([[0.0], np.cumsum(values)])


def main(place: Path) -> None:
    import trafilatura

    marked = [one for one in pages(place) if not one.is_held_out]
    lessons = [Lesson(one, trafilatura.extract(one.html, include_comments=False) or "") for one in marked]
    lessons = [one for one in lessons if one.page.blocks]
    for name, text in modules(*trained(lessons)).items():
        (FOLDER / f"{name}.py").write_text(text, encoding="utf-8")
    print(f"{len(lessons)} pages of {len({one.site for one in marked})} sites, {sum(len(one.page.blocks) for one in lessons)} blocks → {FOLDER}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
