"""Trains the weights of `spam_like` and writes tools/measures/spam_weights.py: `python -m benchmarks.spam_weights PLACE`.

PLACE is the SMS Spam Collection as JSON lines (label, text), plain or as .zst. Of equal messages one counts; a third, drawn by a hash of the
text, is held out and decides nothing.
"""

import io
import json
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

from tools.measures import spam_like
from tools.scan import TextScan

PLACE = Path(spam_like.__file__).with_name("spam_weights.py")
HELD_OUT = 3  # every third
PENALTY, ROUNDS, TOLERANCE = 1.0, 50, 1e-9
HEAD = '"""Weights of `spam_like`, written by `python -m benchmarks.spam_weights`; see NOTICE for the data that they come from."""\n'
Matrix = npt.NDArray[np.float64]


def messages(place: Path) -> tuple[list[str], Matrix]:
    """The messages, each once, and which are spam."""
    import zstandard

    raw = place.read_bytes()
    text = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(raw)).read() if place.suffix == ".zst" else raw
    labels = {row["text"].strip(): row["label"] for row in map(json.loads, text.decode().splitlines()) if row["label"] in ("ham", "spam")}
    return list(labels), np.array([label == "spam" for label in labels.values()], np.float64)


def seen(texts: list[str]) -> tuple[list[str], Matrix]:
    """Names and values of the features, with a constant in front."""
    array = pa.array(texts)
    found = spam_like.features(array, TextScan(array))
    return list(found), np.column_stack([np.ones(len(texts)), *found.values()])


def fitted(values: Matrix, spam: Matrix) -> Matrix:
    """Logistic regression by Newton's method; the constant is not drawn to zero."""
    weights = np.zeros(values.shape[1])
    penalty = np.diag([0.0] + [PENALTY] * (len(weights) - 1))
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (chance - spam) + penalty @ weights
        step = np.linalg.solve((values * (chance * (1 - chance))[:, None]).T @ values + penalty, slope)
        weights -= step
        if np.abs(step).max() < TOLERANCE:
            break
    return weights


def quality(chance: Matrix, spam: Matrix) -> tuple[float, float]:
    """Precision and recall at 0.5."""
    told = chance > 0.5
    right = float((told & (spam == 1)).sum())
    return right / max(float(told.sum()), 1.0), right / float(spam.sum())


def main(place: str) -> None:
    texts, spam = messages(Path(place))
    names, values = seen(texts)
    held_out = np.array([xxhash.xxh3_64_intdigest(text.encode()) % HELD_OUT == 0 for text in texts])
    weights = fitted(values[~held_out], spam[~held_out])
    precision, recall = quality(1 / (1 + np.exp(-values[held_out] @ weights)), spam[held_out])
    lines = [f"    {json.dumps(name)}: {weight:.4f},\n" for name, weight in zip(names, weights[1:], strict=True)]
    PLACE.write_text(f"{HEAD}\nBIAS = {weights[0]:.4f}\nWEIGHTS = {{\n{''.join(lines)}}}\n", encoding="utf-8")
    print(f"{len(texts)} messages, {held_out.sum()} held out: precision {precision:.3f}, recall {recall:.3f}")


if __name__ == "__main__":
    main(sys.argv[1])
