"""How far what tells of whole data sets can be trusted, and what it costs: the tables of docs/compare.md.

`python -m benchmarks.comparison [drift] [labels] [overlap] [speed]` prints them.
"""

import io
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import zstandard

from tools.compare.diversity import Diversity
from tools.compare.drift import Drift
from tools.compare.label_noise import LabelNoise
from tools.compare.overlap import Overlap
from tools.contract import Desk, Survey
from tools.scan import TextScan

from . import corpus

SEEDS = 20
MEGABYTES = 100.0
BATCH = 8 << 20  # bytes, as the engine cuts
LABELLED = (
    ("ag_news", "topics/ag_news_test", "text", "topic"),
    ("banking77", "topics/banking77_train", "text", "category"),
    ("clinc150, 150 intents", "topics/clinc150", "text", "intent"),
)


class LotDesk:
    """A desk that draws by a seed, for an operator called directly."""

    def __init__(self, rows: int, seed: int = 0, state: pa.Table | None = None) -> None:
        self._draws = pa.array(np.random.default_rng(seed).integers(0, 1 << 63, rows).astype(np.uint64))
        self.state = pa.table({}) if state is None else state

    def draw(self, by: pa.Array | None = None) -> pa.Array:
        return self._draws

    def scan(self, texts: pa.Array) -> TextScan:
        return TextScan(texts)


def rows(name: str) -> list[dict[str, object]]:
    """All rows of a file of the public data."""
    with (corpus.DATA / f"{name}.jsonl.zst").open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        return [json.loads(line) for line in io.TextIOWrapper(stream, encoding="utf-8")]


def drift() -> list[str]:
    """Halves of one data set, drawn anew for each seed, and data sets of two kinds."""
    news = rows("topics/ag_news_test")
    sets = {
        "ag_news": [str(row["text"]) for row in news],
        "alpaca, outputs": [str(row["output"]) for row in rows("alpaca/alpaca")],
        "dolly, outputs": [str(row["output"]) for row in rows("dolly/dolly_3k_alpagasus")],
    }
    lines = ["| halves of | rows each | p below 0.05 | p below 0.01 | largest MMD | js | js_chance |", "|---|---|---|---|---|---|---|"]
    for name, texts in sets.items():
        told = [_halves(texts, seed) for seed in range(SEEDS)]
        p, mmd, js, chance = (np.array([one[key] for one in told], float) for key in ("p_value", "mmd", "js", "js_chance"))
        shown = (f"{len(texts) // 2:,}", f"{(p < 0.05).sum()} of {SEEDS}", (p < 0.01).sum())
        lines.append(_line(name, *shown, f"{mmd.max():.4f}", f"{js.mean():.3f}", f"{chance.mean():.3f}"))
    topics = {topic: [str(row["text"]) for row in news if row["topic"] == topic] for topic in ("World", "Sports", "Business", "Sci/Tech")}
    pairs = [(f"{one}, {other}", topics[one], topics[other]) for one, other in itertools.combinations(topics, 2)]
    pairs += [(f"{one}, {other}", sets[one], sets[other]) for one, other in itertools.combinations(sets, 2)]
    lines += ["", "| two kinds | p | MMD | js | js_chance |", "|---|---|---|---|---|"]
    for name, one, other in pairs:
        beside = _apart(one, other, 0)
        lines.append(_line(name, *(f"{beside[key]:.3f}" for key in ("p_value", "mmd", "js", "js_chance"))))
    return lines


def labels() -> list[str]:
    """One label in twenty replaced by another, drawn evenly; precision among as many rows as there are planted ones, worst first."""
    lines = [
        _line("data", "rows", "labels", "planted", "precision@k", "of the first half", "marked", "of these planted", "of all planted", "suggested")
    ]
    lines.append("|---" * 10 + "|")
    for name, place, text, label in LABELLED:
        given = [row for row in rows(place) if row[label] != "oos"]
        names = sorted({str(row[label]) for row in given})
        right = np.array([names.index(str(row[label])) for row in given])
        found = [_planted([str(row[text]) for row in given], right, names, seed) for seed in range(5)]
        told = np.mean(found, axis=0)
        shares = [f"{share:.2f}" for share in told]
        lines.append(_line(name, f"{len(given):,}", len(names), f"{len(given) // 20:,}", *shares[:2], f"{told[2]:,.0f}", *shares[3:]))
    return [*lines, "", *_by_people()]


def overlap() -> list[str]:
    """Data sets of which it is known that one was made from the other."""
    cases = (
        ("gsm8k test in gsm8k test_socratic (the same questions)", "gsm8k/test", "question", "gsm8k/test_socratic", "question"),
        ("gsm8k test in gsm8k train", "gsm8k/test", "question", "gsm8k/train", "question"),
        ("alpaca_en_demo in alpaca, outputs", "llamafactory_demos/alpaca_en_demo", "output", "alpaca/alpaca", "output"),
        ("dolly in alpaca, outputs", "dolly/dolly_3k_alpagasus", "output", "alpaca/alpaca", "output"),
    )
    lines = ["| rows | in all | exact | near | overlapping |", "|---|---|---|---|---|"]
    for name, one, text, other, against in cases:
        operator = Overlap()
        state = operator.learn(_batch([str(row[against] or "") for row in rows(other)]), LotDesk(0))
        measured = operator.measure(_batch([str(row[text] or "") for row in rows(one)]), LotDesk(0, state=state))
        told = operator.totals(pa.table(dict(measured)))
        lines.append(f"| {name} | {told['rows']:,} | {told['exact']:,} | {told['near']:,} | {told['overlapping']:,} |")
    return lines


def speed() -> list[str]:
    """CPU seconds of one core, without reading the file."""
    lines = ["| over 100 MB of | operator | MB/s per core | s to tell | MB of state |", "|---|---|---|---|---|"]
    for name, texts in (("documents", corpus.write), ("instructions", corpus.write_instructions)):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rows.jsonl"
            texts(path, MEGABYTES)
            found = list(_batches(path, "text" if name == "documents" else "output"))
        _learned(Diversity(), found[:1])  # the kernels are loaded
        size = sum(batch.nbytes for batch in found) / 1e6
        for survey in (Diversity(), Drift()):
            took, state = _learned(survey, found)
            started = time.process_time()
            survey.tell(state, state)
            told = f"{time.process_time() - started:.1f}"
            lines.append(_line(name, survey.__class__.__name__.lower(), f"{size / took:.0f}", told, f"{state.nbytes / 1e6:.1f}"))
        operator = Overlap()
        half = len(found) // 2
        took, state = _learned(operator, found[:half])
        learned = sum(batch.nbytes for batch in found[:half]) / 1e6 / took
        started = time.process_time()
        for batch in found:
            operator.measure(batch, LotDesk(0, state=state))
        lines.append(f"| {name} | overlap: reference, half of it | {learned:.0f} | | {state.nbytes / 1e6:.1f} |")
        lines.append(f"| {name} | overlap: rows, half of them known | {size / (time.process_time() - started):.0f} | | |")
    return lines


def _line(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _apart(one: Sequence[str], other: Sequence[str], seed: int) -> dict[str, float]:
    operator = Drift()
    states = [operator.learn(_batch(texts), LotDesk(len(texts), seed + turn)) for texts, turn in ((one, 0), (other, 1000))]
    return {name: float(number or 0) for name, number in operator.tell(*states).items()}


def _halves(texts: Sequence[str], seed: int) -> dict[str, float]:
    order = np.random.default_rng(seed).permutation(len(texts))
    half = len(order) // 2
    return _apart([texts[at] for at in order[:half]], [texts[at] for at in order[half:]], seed)


def _planted(texts: Sequence[str], right: np.ndarray, names: Sequence[str], seed: int) -> list[float]:  # type: ignore[type-arg]
    draw = np.random.default_rng(seed)
    at = draw.permutation(len(texts))[: len(texts) // 20]
    said = right.copy()
    said[at] = (said[at] + draw.integers(1, len(names), len(at))) % len(names)
    found = _noise(texts, [names[one] for one in said])
    planted = said != right
    worst = np.argsort(-found["label_noise"].to_numpy(), kind="stable")
    marked = found["likely_wrong"].to_numpy(zero_copy_only=False)
    suggested = np.array([names.index(one) for one in found["suggested"].to_pylist()])
    precise = [planted[worst[:k]].mean() for k in (len(at), len(at) // 2)]
    return [*precise, marked.sum(), planted[marked].mean(), marked[planted].mean(), (suggested == right)[planted].mean()]


def _by_people() -> list[str]:
    """Test questions of which people said that something is wrong with them, by the right answer's letter as the label."""
    given = rows("mmlu_redux/mmlu_redux")
    wrong = np.array([row["error_type"] == "wrong_groundtruth" for row in given])
    faulty = np.array([row["error_type"] != "ok" for row in given])
    found = _noise([f"{row['question']} {row['choices']}" for row in given], [str(row["groundtruth_answer"]) for row in given])
    worst = np.argsort(-found["label_noise"].to_numpy(), kind="stable")
    lines = ["| mmlu_redux, 4,578 questions | rows | share of all | precision@k |", "|---|---|---|---|"]
    for name, mask in (("answer is wrong", wrong), ("anything is wrong", faulty)):
        lines.append(f"| {name} | {mask.sum()} | {mask.mean():.3f} | {mask[worst[: mask.sum()]].mean():.3f} |")
    return lines


def _noise(texts: Sequence[str], said: Sequence[str]) -> pa.Table:
    operator = LabelNoise()
    batch = pa.RecordBatch.from_arrays([pa.array(texts), pa.array(said)], ["text", "label"])
    state = pa.table({})
    for _ in range(operator.card.passes):
        state = operator.learn(batch, LotDesk(0, state=state))
    return pa.table(dict(operator.measure(batch, LotDesk(0, state=state))))


def _learned(operator: Survey | Overlap, found: Sequence[pa.RecordBatch]) -> tuple[float, pa.Table]:
    desks: list[Desk] = [LotDesk(len(batch), turn) for turn, batch in enumerate(found)]  # type: ignore[misc]
    started = time.process_time()
    state = operator.learn(found[0], desks[0])
    for batch, desk in zip(found[1:], desks[1:], strict=True):
        state = operator.merge(state, operator.learn(batch, desk))
    return time.process_time() - started, state


def _batch(texts: Sequence[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array(texts, pa.string())], ["text"])


def _batches(path: Path, column: str) -> Iterator[pa.RecordBatch]:
    texts, size = list[str](), 0
    with path.open(encoding="utf-8") as file:
        for line in file:
            texts.append(json.loads(line)[column])
            size += len(texts[-1])
            if size > BATCH:
                yield _batch(texts)
                texts, size = [], 0
    yield _batch(texts)


TABLES: dict[str, Callable[[], list[str]]] = {"drift": drift, "labels": labels, "overlap": overlap, "speed": speed}

if __name__ == "__main__":
    for name in sys.argv[1:] or TABLES:
        print("\n".join([f"## {name}", "", *TABLES[name](), ""]))
