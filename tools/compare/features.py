"""What diversity and drift know of a row: a vector, either of hashed n-grams of its text or given; and a sample of rows by lot."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.contract import Desk
from tools.errors import RecipeError
from tools.hashed_ngrams import Vectors, directions, ngrams_up_to, signed_counts

DIMENSIONS = 2048
MOST_COUNTED = 127  # of one place in one text: counts are kept in a byte
VECTOR = pa.list_(pa.float32())

Numbers = npt.NDArray[np.int64]
Draws = npt.NDArray[np.uint64]


def drawn(desk: Desk, rows: int, most: int) -> tuple[Numbers, Draws]:
    """The `most` rows of a batch with the smallest draws, in their order, and the draws."""
    draws: Draws = desk.draw().to_numpy() if rows else np.zeros(0, np.uint64)
    at = lowest(draws, most)
    return at, draws[at]


def lowest(draws: Draws, most: int) -> Numbers:
    """Positions of the `most` smallest. The smallest of all are among the smallest of each part, so that no cut shows in the sample."""
    near = np.argpartition(draws, most - 1)[:most] if len(draws) > most else np.arange(len(draws))
    return near[np.argsort(draws[near], kind="stable")]


def counted(words: pa.Array, at: Numbers) -> npt.NDArray[np.int8]:
    """Of the texts at these places: signed counts of their words and pairs of words, one line each."""
    found = signed_counts(ngrams_up_to(words.take(pa.array(at)), 2), DIMENSIONS)
    small: npt.NDArray[np.int8] = np.clip(found, -MOST_COUNTED, MOST_COUNTED).astype(np.int8)
    return small


def of_texts(counts: npt.NDArray[np.int8]) -> Vectors:
    """Vectors of length 1 of the texts that have words."""
    lines = counts.reshape(-1, DIMENSIONS)
    return directions(lines[(lines != 0).any(axis=1)])


def given(column: pa.Array, at: Numbers) -> Vectors:
    """The vectors at these places, one line each. Raises RecipeError where they are not of one length."""
    lengths = np.unique(column.value_lengths().to_numpy())
    _refuse_lengths(lengths)
    lines: Vectors = column.flatten().to_numpy(zero_copy_only=False).reshape(len(column), int(lengths.max(initial=0)))
    return lines[at]


def joined(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The lines of both. Raises RecipeError where they are not of one length."""
    alike(one, other)
    return np.concatenate([one, other]) if len(one) and len(other) else one if len(one) else other


def alike(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Both, as they are. Raises RecipeError where they are not of one length."""
    if len(one) and len(other):
        _refuse_lengths(np.unique([one.shape[1], other.shape[1]]))
    return one, other


def sound(lines: Vectors) -> Vectors:
    """Those without a number that is none or has no end."""
    return lines[np.isfinite(lines).all(axis=1)]


def _refuse_lengths(lengths: npt.NDArray[np.integer]) -> None:
    if len(lengths) > 1:
        raise RecipeError(f"vectors of different lengths ({lengths[:5].tolist()}); all must come from one model")
