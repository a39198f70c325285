"""What is known about each block of a page: whole numbers only, so that every machine sees the same."""

import re
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from .blocks import Block, Element, Page

Numbers = npt.NDArray[np.int32]
KINDS = {"paragraph": 0, "heading": 1, "item": 2, "cell": 3, "quote": 4, "code": 5}
TAGS = {"p": 1, "div": 2, "li": 3, "td": 4, "h1": 5, "h2": 6, "h3": 7, "h4": 8, "h5": 8, "h6": 8, "section": 9, "article": 10, "th": 4,
        "footer": 12,
         "header": 13, "nav": 14, "aside": 15, "form": 16, "label": 16, "blockquote": 11, "figcaption": 17, "ul": 18, "dd": 3, "dt": 3}  # fmt: skip
TOKEN = re.compile("[A-Z]?[a-z]{2,}|[A-Z]{2,}|=hidden")
WORD = re.compile(r"[^\W\d_]+|[©|»›]")
LONG = 80  # characters from which a block without links counts as running text
OPENING_WORDS = 12
SHARE = 1000
ABSENT = -1


def features(page: Page, names: Mapping[str, int], words: Mapping[str, int]) -> Numbers:
    """One row a block. `names` and `words` say how much a name of an element and a word of a block speak for main text."""
    blocks, elements = page.blocks, page.elements
    own = np.array([_of_text(block, page.title) for block in blocks], np.int32)
    said = np.array([_weighed(block.text, words) for block in blocks], np.int32)
    called = np.array(_called(elements, names), np.int32)
    at = np.array([block.element for block in blocks], np.int32)
    inner = np.array([_named(block.inner, names) for block in blocks], np.int32)
    around = _around(own)
    inside, mass = _inside(page, own)
    columns = [own, said, called[at], inner[:, None], around, inside[at], _places(own), _kin(page, own, at), mass[at]]
    parent = np.array([element.parent for element in elements], np.int32)
    up = at
    for _ in range(3):
        up = np.where(up >= 0, parent[up], -1)
        known = up >= 0
        columns.append(np.where(known[:, None], inside[np.maximum(up, 0)], ABSENT).astype(np.int32))
        columns.append(np.where(known, called[np.maximum(up, 0), 0], 0)[:, None].astype(np.int32))
    return np.concatenate(columns, axis=1)


def _of_text(block: Block, title: str) -> tuple[int, ...]:
    text = block.text
    size, words = len(text), text.count(" ") + 1
    head = text[:400]
    split = head.split(" ")
    lower = sum(word[:1].islower() for word in split)
    digits = sum(map(head.count, "0123456789"))
    last = text[-1]
    ends = 1 if last in '.!?…。！？"”»“)' else 2 if last == ":" else 3 if last.isalnum() else 0
    in_title = 2 if text == title else int(size > 3 and text in title)
    return (
        size,
        words,
        block.linked * SHARE // size,
        block.links,
        text.count(",") + text.count("，") + text.count("、"),
        text.count(". ") + text.count("! ") + text.count("? ") + text.count("。") + (ends == 1),
        lower * SHARE // len(split),
        digits * SHARE // len(head),
        ends,
        KINDS[block.kind],
        block.level,
        text[0].isupper() + 2 * text.isupper(),
        min(len(head) // len(split), 40),
        in_title,
        text.count("|") + text.count("·") + text.count("»") + text.count("›"),
    )


def _weighed(text: str, words: Mapping[str, int]) -> tuple[int, int, int]:
    found = [words.get(word, 0) for word in WORD.findall(text[:160].lower())[:OPENING_WORDS]]
    return (sum(found), min(found), max(found)) if found else (0, 0, 0)


def tokens(key: str) -> list[str]:
    """The words that an element is called by, its tag first."""
    tag, _, rest = key.partition(" ")
    return ["<" + tag, *dict.fromkeys(token.lower() for token in TOKEN.findall(rest))]


def _named(key: str, names: Mapping[str, int]) -> int:
    return sum(names.get(token, 0) for token in tokens(key)) if key else 0


def _called(elements: list[Element], names: Mapping[str, int]) -> list[tuple[int, ...]]:
    """Of each element: what its own name says, and sum, least and most over all that it stands in."""
    seen: dict[str, int] = {}
    rows: list[tuple[int, ...]] = []
    for element in elements:
        said = seen.get(element.key)
        if said is None:
            said = seen[element.key] = _named(element.key, names)
        above = rows[element.parent] if element.parent >= 0 else (0, 0, 0, 0)
        rows.append((said, above[1] + said, min(above[2], said), max(above[3], said), TAGS.get(element.tag, 0), element.depth))
    return rows


def _around(own: Numbers) -> Numbers:
    """Size, links, sentences, kind and whether it ends as one, of the neighbours; and sums over wider windows."""
    count = len(own)
    picked = own[:, [0, 2, 5, 9, 8]]
    columns = []
    for step in (-2, -1, 1, 2):
        shifted = np.full_like(picked, ABSENT)
        if step < 0:
            shifted[-step:] = picked[:step]
        else:
            shifted[: count - step] = picked[step:]
        columns.append(shifted)
    running = np.where(own[:, 2] < 300, own[:, 0], 0)
    for series in (own[:, 0], own[:, 0] * np.minimum(own[:, 2], SHARE) // SHARE, running):
        total = np.concatenate([[0], np.cumsum(series, dtype=np.int64)])
        places = np.arange(count)
        for width in (3, 8):
            low, high = np.maximum(places - width, 0), np.minimum(places + width + 1, count)
            columns.append((total[high] - total[low])[:, None].astype(np.int32))
    return np.concatenate(columns, axis=1).astype(np.int32)


def _inside(page: Page, own: Numbers) -> tuple[Numbers, Numbers]:
    """Of each element: how much text it holds, of what kind; and how far above it the element lies that holds most of the page's text."""
    starts = np.array([element.start for element in page.elements], np.int64)
    stops = np.array([element.stop for element in page.elements], np.int64)

    def total(series: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        sums = np.concatenate([[0], np.cumsum(series, dtype=np.int64)])
        found: npt.NDArray[np.int64] = sums[stops] - sums[starts]
        return found

    size = own[:, 0].astype(np.int64)
    is_running = (own[:, 2] < 300) & (size >= LONG)
    chars, linked, running = total(size), total(size * own[:, 2] // SHARE), total(np.where(is_running, size, 0))
    sentences, blocks = total(own[:, 5].astype(np.int64)), stops - starts
    whole = max(int(running[0]), 1)
    inside = np.stack(
        [
            chars,
            linked * SHARE // np.maximum(chars, 1),
            chars // np.maximum(blocks, 1),
            running * SHARE // whole,
            sentences * SHARE // np.maximum(blocks, 1),
        ],
        axis=1,
    )
    distances = []
    for part in (3, 6, 9):
        holds = (running * 10 >= whole * part).tolist()
        steps: list[int] = []
        for held, element in zip(holds, page.elements, strict=True):
            steps.append(0 if held or element.parent < 0 else steps[element.parent] + 1)
        distances.append(np.array(steps))
    return np.minimum(inside, 2**30).astype(np.int32), np.stack(distances, axis=1).astype(np.int32)


def _places(own: Numbers) -> Numbers:
    """Where in the page the block stands, counted in blocks, in characters, from the first heading and from the last one."""
    count = len(own)
    places = np.arange(count, dtype=np.int64)
    before = np.cumsum(own[:, 0], dtype=np.int64) - own[:, 0]
    running = np.where((own[:, 2] < 300) & (own[:, 0] >= LONG), own[:, 0], 0)
    run_before = np.cumsum(running, dtype=np.int64) - running
    total, run_total = max(int(own[:, 0].sum()), 1), max(int(running.sum()), 1)
    headings = np.where(own[:, 9] == 1, places, -1)
    last = np.maximum.accumulate(headings)
    first = np.flatnonzero((own[:, 9] == 1) & (own[:, 10] == 1))
    titles = np.flatnonzero(own[:, 13] > 0)
    from_first = places - int(first[0]) if len(first) else np.full(count, -10_000)
    from_title = places - int(titles[0]) if len(titles) else np.full(count, -10_000)
    columns = [
        places,
        count - places,
        places * SHARE // count,
        before * SHARE // total,
        run_before * SHARE // run_total,
        np.where(last >= 0, places - last, 999),
        from_first,
        from_title,
        np.full(count, run_total),
        np.full(count, count),
    ]
    return np.stack(columns, axis=1).astype(np.int32)


def _kin(page: Page, own: Numbers, at: Numbers) -> Numbers:
    """How many blocks stand in elements that are called the same, and what these are like."""
    groups: dict[str, int] = {}
    which = np.array([groups.setdefault(page.elements[place].key, len(groups)) for place in at.tolist()], np.int64)
    many = np.bincount(which, minlength=len(groups))
    size = np.bincount(which, own[:, 0], minlength=len(groups)).astype(np.int64)
    linked = np.bincount(which, own[:, 0].astype(np.int64) * own[:, 2] // SHARE, minlength=len(groups)).astype(np.int64)
    return np.stack([many, size // many, linked * SHARE // np.maximum(size, 1)], axis=1)[which].astype(np.int32)
