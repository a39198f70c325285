"""What a first guess about all blocks of a page says about each of them: its neighbours, and the elements that it stands in."""

import numpy as np
import numpy.typing as npt

from .blocks import Page

Numbers = npt.NDArray[np.int32]
Wide = npt.NDArray[np.int64]
UNIT = 100  # guesses are logits in hundredths
LIMIT = 6 * UNIT
WEIGHTIEST = 300  # characters from which a block weighs no more
SURE, LONG = UNIT, 80
MOST = 600  # thousandths of the guessed text
SHARE = 1000
STEPS, WINDOWS, LEVELS = (-3, -2, -1, 1, 2, 3), (2, 5, 10), 4


def context(page: Page, guesses: Wide) -> Numbers:
    """One row a block."""
    guess = np.clip(guesses, -LIMIT, LIMIT)
    size = np.array([len(block.text) for block in page.blocks], np.int64)
    weight = np.minimum(size, WEIGHTIEST)
    at = np.array([block.element for block in page.blocks], np.int64)
    columns = [guess, *_neighbours(guess), *_windows(guess, weight), *_above(page, guess, weight, size, at), *_ends(guess, size)]
    return np.stack([*columns, _kin(page, guess, weight, at)], axis=1).astype(np.int32)


def _neighbours(guess: Wide) -> list[Wide]:
    found = []
    for step in STEPS:
        shifted = np.full_like(guess, -LIMIT)
        if step < 0:
            shifted[-step:] = guess[:step]
        else:
            shifted[:-step] = guess[step:]
        found.append(shifted)
    return found


def _windows(guess: Wide, weight: Wide) -> list[Wide]:
    total, weights = _sums(guess * weight), _sums(weight)
    places = np.arange(len(guess))
    found = []
    for width in WINDOWS:
        low, high = np.maximum(places - width, 0), np.minimum(places + width + 1, len(guess))
        found.append((total[high] - total[low]) // np.maximum(weights[high] - weights[low], 1))
    return found


def _above(page: Page, guess: Wide, weight: Wide, size: Wide, at: Wide) -> list[Wide]:
    """How far above lies the element that holds most of the guessed text; mean guess and share of that text of the elements above."""
    total, weights, likely = _sums(guess * weight), _sums(weight), _sums(np.where(guess > 0, size, 0))
    starts, stops, parents = (np.array(one, np.int64) for one in zip(*((e.start, e.stop, e.parent) for e in page.elements), strict=True))
    mean = (total[stops] - total[starts]) // np.maximum(weights[stops] - weights[starts], 1)
    share = (likely[stops] - likely[starts]) * SHARE // max(int(likely[-1]), 1)
    steps: list[int] = []
    for holds, element in zip((share >= MOST).tolist(), page.elements, strict=True):
        steps.append(0 if holds or element.parent < 0 else steps[element.parent] + 1)
    found, up = [np.array(steps, np.int64)[at]], at
    for _ in range(LEVELS):
        found += [np.where(up >= 0, mean[up], -LIMIT), np.where(up >= 0, share[up], -1)]
        up = np.where(up >= 0, parents[up], -1)
    return found


def _ends(guess: Wide, size: Wide) -> list[Wide]:
    """How far the first and the last likely block are, and how much of the likely text lies before."""
    places, count = np.arange(len(guess)), len(guess)
    likely = _sums(np.where(guess > 0, size, 0))
    found = []
    for marked in (guess > 0, (guess > SURE) & (size > LONG)):
        which = np.flatnonzero(marked)
        found += [places - which[0], places - which[-1]] if len(which) else [places, places]
    found += [np.full(count, likely[-1]), np.full(count, np.count_nonzero(guess > 0)), np.full(count, guess.max())]
    return [*found, likely[:-1] * SHARE // max(int(likely[-1]), 1)]


def _kin(page: Page, guess: Wide, weight: Wide, at: Wide) -> Wide:
    """Mean guess about the blocks in elements of the same name."""
    groups: dict[str, int] = {}
    which = np.array([groups.setdefault(page.elements[place].key, len(groups)) for place in at.tolist()], np.int64)
    total, weights = np.zeros(len(groups), np.int64), np.zeros(len(groups), np.int64)
    np.add.at(total, which, guess * weight)
    np.add.at(weights, which, weight)
    return (total // np.maximum(weights, 1))[which]


def _sums(series: Wide) -> Wide:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(series, dtype=np.int64)])
