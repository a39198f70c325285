"""Which rows are likely to have a wrong label."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import ANY, DECIDES, Between, Bound, Card, Columns, Desk, Example, Fit, OneOf, Rule
from tools.dedupe.known import made_once
from tools.errors import RecipeError

from .naive_bayes import BUCKETS, SHARPNESS, SMOOTHED, Features, Floats, Model, Numbers, probabilities
from .states import arrow_part, packed, part

MOST_LABELS = 500
WHOLE = float(1 << 30)  # probabilities are summed in whole parts of this, so that the order of the sum does not show
WORST = 50.0  # nats of one row
EXAMPLE = [f"{how} {what}" for how in ("a good", "such a bad") for what in ("film", "story", "cast", "plot", "end", "scene")] + ["a good good film"]
SETTINGS = tuple((smoothed, sharp) for smoothed in SMOOTHED for sharp in SHARPNESS)


class LabelNoise(Fit):
    """Measure how likely each row's label is wrong, by confident learning: what all other rows say of a text like this one.

    A naive Bayes classifier over words and pairs of words judges each row without the row itself. `label_noise` is the probability,
    from 0 to 1, that another label fits, each class measured against how sure the classifier is of it on average; `suggested` is the
    label that fits best; `likely_wrong` says that the classifier is at least as sure of another class as it is on average of rows that
    have it. Sort by `label_noise` to read the worst first. It finds labels that contradict the words, not facts that are wrong, and it
    needs some ten rows of each label; in data of few rows and classes that look alike most of what it finds is only unusual.
    """

    at_most: Bound = Field(default=None, ge=0, le=1, description="Largest `label_noise` that passes; none: all rows pass.")
    drop_likely_wrong: Annotated[bool, DECIDES] = Field(default=False, description="Whether rows that are likely wrong are dropped.")

    card: ClassVar[Card] = Card(
        stage="label",
        reads={"text": pa.string(), "label": ANY},
        adds={"label_noise": pa.float64(), "suggested": pa.string(), "likely_wrong": pa.bool_()},
        numbers=("rows", "likely_wrong"),
        passes=2,
        state_bytes=1 << 30,
        exact=True,
        micros_per_row=400.0,
        proof="precision@k of 5% planted errors: 0.94 clinc150, 0.88 banking77, 0.62 ag_news; mmlu_redux 0.00 of wrong answers (2026-11-28)",
        paper="Confident learning: arXiv:1911.00068",
        aliases=(
            "label noise",
            "likely wrong labels",
            "label errors",
            "mislabelled rows",
            "mislabeled examples",
            "find wrong labels",
            "labels that are probably wrong",
            "annotation errors",
            "confident learning",
            "noisy labels",
            "suspicious labels",
            "check the labels",
        ),
        not_for=("answers that are factually wrong: use a judge", "labels that are missing: use is_empty"),
        examples=(
            Example(
                given={"text": EXAMPLE, "label": ["up"] * 6 + ["down"] * 6 + ["down"]},
                gives={"suggested": ["up"] * 6 + ["down"] * 6 + ["up"], "likely_wrong": [False] * 12 + [True]},
                numbers={"rows": 13, "likely_wrong": 1},
            ),
            Example(
                params={"drop_likely_wrong": True},
                given={"text": EXAMPLE, "label": [1] * 6 + [0] * 7},
                keeps=tuple(range(12)),
                drops={12: "likely_wrong"},
            ),
        ),
    )

    def learn(self, batch: pa.RecordBatch, desk: Desk) -> pa.Table:
        """First how often each bucket occurs with each label; then how sure the classifier is of rows that have a label."""
        own, labels = Features.of(desk.scan(batch["text"]).word_hashes), _labels(batch["label"])
        if not desk.state.num_columns:
            names = pc.unique(labels).sort()
            keys, counts = np.unique(_classes(labels, names)[own.rows] * BUCKETS + own.buckets, return_counts=True)
            return _named(names, keys, counts.astype(np.int64))
        classes = _classes(labels, arrow_part(desk.state, "labels"))
        return desk.state.append_column("sure", packed({"sure": _sure(made_once(desk.state, _model), own, classes)})["sure"])

    def merge(self, one: pa.Table, other: pa.Table) -> pa.Table:
        if "sure" in one.column_names:
            return one.drop_columns("sure").append_column("sure", packed({"sure": part(one, "sure") + part(other, "sure")})["sure"])
        sides = [(arrow_part(side, "labels"), part(side, "keys"), part(side, "counts")) for side in (one, other)]
        names = pc.unique(pa.concat_arrays([labels for labels, _, _ in sides])).sort()
        keys = np.concatenate([_classes(labels, names)[keys // BUCKETS] * BUCKETS + keys % BUCKETS for labels, keys, _ in sides])
        keys, at = np.unique(keys, return_inverse=True)
        counts = np.zeros(len(keys), np.int64)
        np.add.at(counts, at, np.concatenate([counts for _, _, counts in sides]))
        return _named(names, keys, counts)

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        fitted = made_once(desk.state, _Fitted.of)
        classes = _classes(_labels(batch["label"]), fitted.labels)
        own = Features.of(desk.scan(batch["text"]).word_hashes)
        found = fitted.probabilities(own, classes)
        rows = np.arange(len(batch))
        fits = found / fitted.usual
        sure = np.where(found >= fitted.usual, found, -1.0)
        best = sure.argmax(axis=1) if len(fitted.labels) else classes
        wrong = (sure.max(axis=1, initial=-1.0) > 0) & (best != classes) & (own.sizes > 0)  # a text without words says nothing against its label
        noise = 1.0 - fits[rows, classes] / np.maximum(fits.sum(axis=1), 1e-300)
        suggested = fitted.labels.take(pa.array(fits.argmax(axis=1))) if len(fitted.labels) else pa.array([], pa.string())
        return {"label_noise": pa.array(np.clip(noise, 0.0, 1.0)), "suggested": suggested, "likely_wrong": pa.array(wrong)}

    def rule(self) -> Rule:
        noise = () if self.at_most is None else (Between("label_noise", at_most=self.at_most),)
        return (*noise, *((OneOf("likely_wrong", (False,)),) if self.drop_likely_wrong else ()))

    def totals(self, measured: pa.Table) -> Mapping[str, int]:
        wrong = measured["likely_wrong"].drop_null()
        return {"rows": len(wrong), "likely_wrong": pc.sum(wrong).as_py() or 0}


@dataclass(frozen=True)
class _Fitted:
    """What rows are measured with: `usual` is how sure the classifier is on average of the rows that have each label."""

    labels: pa.Array
    model: Model
    smoothed: float
    sharpness: float
    usual: Floats

    @classmethod
    def of(cls, state: pa.Table) -> "_Fitted":
        sums = part(state, "sure")
        best = int(np.argmin(sums[:, 0]))
        classes = (sums.shape[1] - 1) // 2
        usual = sums[best, 1 : 1 + classes] / WHOLE / np.maximum(sums[best, 1 + classes :], 1)
        return cls(arrow_part(state, "labels"), _model(state), *SETTINGS[best], np.maximum(usual, 1e-6))

    def probabilities(self, own: Features, classes: Numbers) -> Floats:
        return probabilities(self.model.scores(own, classes, self.smoothed), self.sharpness)


def _sure(model: Model, own: Features, classes: Numbers) -> npt.NDArray[np.int64]:
    """For each setting: how much of a surprise the labels are; for each class the probability that its rows have it, and its rows."""
    many = model.counts.shape[1]
    rows, lines = np.bincount(classes, minlength=many), []
    for smoothed in SMOOTHED:
        scores = model.scores(own, classes, smoothed)
        for sharpness in SHARPNESS:
            right = probabilities(scores, sharpness)[np.arange(len(classes)), classes]
            surprise = np.minimum(-np.log(np.maximum(right, 1e-300)), WORST)
            each = np.zeros(many, np.int64)
            np.add.at(each, classes, np.rint(right * WHOLE).astype(np.int64))
            lines.append(np.concatenate([[np.rint(surprise * (1 << 20)).astype(np.int64).sum()], each, rows]))
    return np.stack(lines).astype(np.int64)


def _model(state: pa.Table) -> Model:
    keys, many = part(state, "keys"), len(arrow_part(state, "labels"))
    counts = np.zeros((BUCKETS, many), np.int32)
    counts[keys % BUCKETS, keys // BUCKETS] = part(state, "counts")
    return Model(counts)


def _named(names: pa.Array, keys: Numbers, counts: Numbers) -> pa.Table:
    if len(names) > MOST_LABELS:
        raise RecipeError(f"label_noise: more than {MOST_LABELS} different labels, such as {names[0].as_py()!r}; bind a column of classes")
    return packed({"labels": names, "keys": keys, "counts": counts})


def _labels(values: pa.Array) -> pa.Array:
    if pa.types.is_nested(values.type):
        raise RecipeError(f"label_noise: a label is {values.type}; bind a column of plain values")
    return values.cast(pa.string())


def _classes(labels: pa.Array, names: pa.Array) -> Numbers:
    """The number of each label among the names."""
    found: Numbers = pc.index_in(labels, value_set=names).to_numpy(zero_copy_only=False).astype(np.int64)
    return found
