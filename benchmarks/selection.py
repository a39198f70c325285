"""What the samplers do on data whose answer is known: writes the tables of docs/selection.md. `python -m benchmarks.selection [SECTION ...]`."""

import argparse
import datetime
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tools.catalogue import operator
from tools.hashed import SHIFT, UNIT, Units, grams, hashed, units
from tools.scan import TextScan
from tools.select.drawing import keys
from tools.select.sketch import Sketch, fitting_width
from workflows.given import Setting, Trial, run
from workflows.parameters import make

from . import corpus, page
from .tree import measure

PAGE = Path(__file__).resolve().parents[1] / "docs" / "selection.md"
Labels = npt.NDArray[np.int64]
CLOUDS, WANTED = (18_000, 1_500, 400, 100), 2_000
TAKEN, MOST_ROWS = 1_000, 8_000


# ---- four clouds


def clouds() -> list[str]:
    """How many rows of each of four clouds are drawn."""
    draw = np.random.default_rng(0)
    middles = draw.standard_normal((4, 64))
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    label = np.repeat(np.arange(4), CLOUDS)
    points = units(middles[label] + 0.06 * draw.standard_normal((len(label), 64)))
    fitted = fitting_width(points[draw.choice(len(points), 2000, replace=False)], 8)
    ways: list[tuple[str, float, Sketch | None]] = [
        ("a random sample", 0.0, None),
        ("the printed line of the paper, p ∝ S", 1.0, Sketch(1000, 20_000, 1, 1.0)),
        ("1/S, one projection a hash, width 1", -1.0, Sketch(1000, 20_000, 1, 1.0)),
        ("1/S, one projection a hash, width 0.25", -1.0, Sketch(1000, 20_000, 1, 0.25)),
        ("1/S, 8 projections, width 1, 1,000 hashes", -1.0, Sketch(1000, 20_000, 8, 1.0)),
        (f"`density_sample` as it is: 8 projections, 128 hashes, width fitted ({fitted:.2f})", -1.0, Sketch(128, 1 << 15, 8, fitted)),
    ]
    rows = ["| way | 18,000 | 1,500 | 400 | 100 | distance from even | CPU s |", "|---|---|---|---|---|---|---|"]
    for name, power, sketch in ways:
        started = time.process_time()
        density = sketch.density(points, sketch.counts(points), len(points)) if sketch else np.ones(len(points))
        spent = time.process_time() - started
        order = keys(power * np.log(density), pa.array(draw.integers(0, 1 << 64, len(points), dtype=np.uint64)))
        counts = np.bincount(label[np.argsort(order.to_numpy())[:WANTED]], minlength=4)
        rows.append(f"| {name} | {' | '.join(f'{count:,}' for count in counts)} | {from_even(counts):.3f} | {spent:.1f} |")
    return rows


def from_even(counts: npt.NDArray[np.integer]) -> float:
    """Total variation distance from equal parts."""
    return float(np.abs(counts / max(counts.sum(), 1) - 1 / len(counts)).sum() / 2)


# ---- labelled texts of skewed classes


@dataclass(frozen=True)
class Skewed:
    name: str
    texts: list[str]
    label: Labels

    @property
    def table(self) -> pa.Table:
        return pa.table({"text": self.texts})


def skewed() -> Iterator[Skewed]:
    """Labelled sets: log lines as they are, and others thinned out so that the n-th class has 1/n of the rows it had, at least two."""
    for name, file, text, label, is_thinned in (
        ("log lines by template", "logs/loghub_2k", "content", "event_template", False),
        ("log lines by system", "logs/loghub_2k", "content", "system", True),
        ("clinc150 by intent", "topics/clinc150", "text", "intent", True),
        ("ag_news by topic", "topics/ag_news_test", "text", "topic", True),
    ):
        by_label: dict[str, list[str]] = {}
        for row in corpus.stored(corpus.DATA / f"{file}.jsonl.zst"):
            by_label.setdefault(row[label], []).append(row[text])
        classes = sorted(by_label, key=lambda one: (-len(by_label[one]), one))
        power = 3 if len(classes) < 10 else 1  # four topics: 1, 1/8, 1/27, 1/64
        most = [max(2, len(by_label[one]) // (1 + at) ** power) if is_thinned else None for at, one in enumerate(classes)]
        found = [(row, at) for at, one in enumerate(classes) for row in by_label[one][: most[at]]]
        order = np.random.default_rng(5).permutation(len(found))[:MOST_ROWS]
        seen, labels = np.unique([found[at][1] for at in order], return_inverse=True)
        yield Skewed(f"{name} ({len(seen):,})", [found[at][0] for at in order], labels.astype(np.int64))


WAYS: tuple[tuple[str, str, Mapping[str, object]], ...] = (
    ("random_sample", "random_sample", {"rows": TAKEN}),
    ("density_sample", "density_sample", {"rows": TAKEN}),
    ("density_sample, power 2", "density_sample", {"rows": TAKEN, "power": 2.0}),
    ("cluster_balance", "cluster_balance", {"rows": TAKEN}),
    ("cluster_balance, root", "cluster_balance", {"rows": TAKEN, "parts": "root"}),
    ("prototypes", "prototypes", {"rows": TAKEN}),
    ("k_center", "k_center", {"rows": TAKEN}),
    ("facility_location", "facility_location", {"rows": TAKEN}),
    ("dpp", "dpp", {"rows": TAKEN}),
)


def balance() -> list[str]:
    """Even classes, lost classes and coverage of a thousand rows."""
    rows = [
        "| data (classes) | way | distance from even | classes lost | mean distance to the nearest kept | farthest | stands for | CPU s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for data in skewed():
        points = hashed(TextScan(pa.array(data.texts)), 512)
        wanted = min(TAKEN, len(data.texts) // 4)
        classes = int(data.label.max()) + 1
        for name, op, params in (*WAYS, ("d4: vector_dedup, then prototypes", "", {})):
            started = time.process_time()
            chosen = _d4(data, wanted) if not op else _chosen(data.table, op, {**params, "rows": wanted})
            spent = time.process_time() - started
            counts = np.bincount(data.label[chosen], minlength=classes)
            mean, most, stands = coverage(points, chosen)
            figures = f"{from_even(counts):.3f} | {int((counts == 0).sum()):,} | {mean:.3f} | {most:.3f} | {stands:.1%} | {spent:.1f}"
            rows.append(f"| {data.name}, {wanted:,} of {len(data.texts):,} | {name} | {figures} |")
            print(rows[-1], file=sys.stderr)
    return rows


def _chosen(table: pa.Table, op: str, params: Mapping[str, object], against: pa.Table | None = None) -> Labels:
    trial = Trial(operator=make(operator(op), params), given=table, against=against, name=op, setting=Setting(seed=3))
    return np.array(run(trial).rows(), np.int64)


def _d4(data: Skewed, wanted: int) -> Labels:
    first = _chosen(data.table, "vector_dedup", {})
    return first[_chosen(data.table.take(pa.array(first)), "prototypes", {"rows": min(wanted, len(first))})]


def coverage(points: Units, chosen: Labels) -> tuple[float, float, float]:
    """Mean and largest distance of a row to the nearest kept one, and the mean cosine to the likest (the facility value)."""
    best = np.zeros(len(points), np.float32)
    for start in range(0, len(points), 4096):
        best[start : start + 4096] = (points[start : start + 4096] @ points[chosen].T).max(axis=1)
    cosine = np.minimum(best.astype(np.float64) / UNIT**2, 1)
    apart = np.sqrt(np.maximum(2 - 2 * cosine, 0))
    return float(apart.mean()), float(apart.max()), float(np.maximum(cosine, 0).mean())


# ---- rows like a reference


POOL = (
    ("raw_text/standards_python", "text", "standards"),
    ("raw_text/community_docs", "text", "docs"),
    ("raw_text/powershell_docs", "text", "docs"),
    ("topics/movie_reviews", "text", "reviews"),
    ("t0_multitask/t0_templates", "prompt", "t0"),
    ("alpaca/alpaca", "instruction", "alpaca"),
    ("gsm8k/train", "question", "math"),
    ("science/scitldr_a_train", "source", "science"),
    ("science/pubmedqa_labelled", "LONG_ANSWER", "medicine"),
)
MOST_OF_EACH = {"t0": 6000, "alpaca": 6000, "math": 1000, "science": 600, "medicine": 500}
TARGETS = (
    ("math", "gsm8k/test", "question"),
    ("science", "science/scitldr_a_dev", "source"),
    ("medicine", "science/pubmedqa_labelled", "LONG_ANSWER"),
)


def reference() -> list[str]:
    """Precision at k, and how much nearer the selection's n-grams are to the reference's."""
    texts: list[str] = []
    kinds: list[str] = []
    for file, column, kind in POOL:
        found = [_text(row[column]) for row in corpus.stored(corpus.DATA / f"{file}.jsonl.zst")][: MOST_OF_EACH.get(kind, 1000)]
        texts += found
        kinds += [kind] * len(found)
    order = np.random.default_rng(7).permutation(len(texts))
    pool, kind = pa.table({"text": [texts[at] for at in order]}), np.array(kinds)[order]
    rows = [
        f"| reference | way | k, of {len(texts):,} | precision at k | by chance | KL(reference ‖ rows) | reduced by | CPU s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for wanted, file, column in TARGETS:
        found = [_text(row[column]) for row in corpus.stored(corpus.DATA / f"{file}.jsonl.zst")]
        target = pa.table({"text": found[-300:]})
        k = int((kind == wanted).sum()) // 2
        whole = divergence(target, pool)
        for name, params in (("dsir, best", {"take": "best"}), ("dsir, drawn", {}), ("dsir, drawn, per text", {"per": "text"}), ("random", None)):
            started = time.process_time()
            chosen = _chosen(pool, "dsir", {**params, "rows": k}, target) if params is not None else _chosen(pool, "random_sample", {"rows": k})
            spent = time.process_time() - started
            left = divergence(target, pool.take(pa.array(chosen)))
            figures = f"{(kind[chosen] == wanted).mean():.3f} | {(kind == wanted).mean():.3f} | {left:.2f} | {whole - left:+.2f} | {spent:.1f}"
            rows.append(f"| {wanted} ({file}, {len(target)} rows) | {name} | {k} | {figures} |")
            print(rows[-1], file=sys.stderr)
    return rows


def divergence(target: pa.Table, rows: pa.Table, buckets: int = 10_000) -> float:
    """KL of the reference's hashed n-grams from those of the rows, one added to each count."""
    chances = []
    for table in (target, rows):
        hashes, _, _ = grams(TextScan(table["text"].combine_chunks()))
        counts = np.bincount(((hashes >> SHIFT) % np.uint64(buckets)).astype(np.int64), minlength=buckets) + 1.0
        chances.append(counts / counts.sum())
    return float((chances[0] * np.log(chances[0] / chances[1])).sum())


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


# ---- speed


RECIPE = """winnow: 1
name: speed
sources: {{docs: {{path: docs.jsonl}}, like: {{path: like.jsonl}}}}
steps:
  - {{id: step, op: {op}@1, from: {start}, on: {on}, with: {params}}}
outputs: {{out: {{from: step.kept, path: out.jsonl}}}}
"""
FITS: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("random_sample", {"rows": 20_000}),
    ("density_sample", {"rows": 20_000}),
    ("cluster_balance", {"rows": 20_000, "clusters": 200}),
    ("prototypes", {"rows": 20_000, "clusters": 200}),
    ("dsir", {"rows": 20_000}),
    ("vector_dedup", {}),
)


def speed(count: int = 200_000) -> list[str]:
    """Whole processes over many short rows."""
    rows = ["| step | rows | MB | CPU s | rows a CPU s | peak PSS, MB |", "|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory(prefix="winnow-bench-") as name:
        folder = Path(name)
        size = _short_rows(folder / "docs.jsonl", count)
        _short_rows(folder / "like.jsonl", 500)
        for op, params in FITS:
            start = "{rows: docs, against: like}" if op == "dsir" else "docs"
            on = "text" if op != "random_sample" else "null"
            text = RECIPE.format(op=op, params=json.dumps(dict(params)), start=start, on=on)
            (folder / "recipe.yaml").write_text(
                text.replace(", on: null", "") if op == "dsir" else text.replace(", like: {path: like.jsonl}", "").replace(", on: null", "")
            )
            command = [
                sys.executable,
                "-m",
                "benchmarks.driver",
                str(folder / "recipe.yaml"),
                str(folder / f"run-{op}"),
                "--cache",
                str(folder / f"cache-{op}"),
            ]
            done = measure(command)
            if done.status:
                raise SystemExit(f"{op}: exit {done.status} {done.output}")
            rows.append(f"| {op} | {count:,} | {size:.0f} | {done.cpu_seconds:.1f} | {count / done.cpu_seconds:,.0f} | {done.pss_mb:.0f} |")
            print(rows[-1], file=sys.stderr)
    return rows


def _short_rows(path: Path, count: int) -> float:
    draw = np.random.default_rng(2)
    known = [row["instruction"] + " " + row["output"] for row in corpus.stored(corpus.DATA / corpus.INSTRUCTIONS)]
    words = sorted({word for text in known[:2000] for word in text.split()})
    with open(path, "w", encoding="utf-8") as file:
        for turn in range(count):
            text = known[turn % len(known)].split(" ")
            for at in draw.integers(0, len(text), len(text) // 6 if turn >= len(known) else 0):
                text[at] = words[int(draw.integers(len(words)))]
            file.write(json.dumps({"id": turn, "text": " ".join(text)}) + "\n")
    return path.stat().st_size / 1e6


def at_once() -> list[str]:
    """Steps over all rows at once, on 20,000 vectors of 256 numbers."""
    draw = np.random.default_rng(3)
    middles = draw.standard_normal((200, 256))
    points = units(middles[draw.integers(0, 200, 20_000)] + 0.8 * draw.standard_normal((20_000, 256)))
    table = pa.table({"vector": pa.array((points / UNIT).tolist(), pa.list_(pa.float32()))})
    rows = ["| step | rows kept | of | CPU s | process at its largest, MB |", "|---|---|---|---|---|"]
    for op in ("k_center", "facility_location", "dpp"):
        for wanted in (200, 1000):
            started = time.process_time()
            chosen = _chosen(table, op, {"rows": wanted, "of": "vector"})
            spent = time.process_time() - started
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            rows.append(f"| {op} | {len(chosen):,} | 20,000 × 256 | {spent:.1f} | {peak:.0f} |")
            print(rows[-1], file=sys.stderr)
    return rows


SECTIONS: Mapping[str, tuple[str, Callable[[], list[str]]]] = {
    "clouds": ("Four clouds", clouds),
    "balance": ("Skewed classes", balance),
    "reference": ("Rows like a reference", reference),
    "speed": ("Speed and memory of steps that pass over the data", speed),
    "at_once": ("Speed of steps over all rows at once", at_once),
}


def main(names: Sequence[str]) -> None:
    for name in names or SECTIONS:
        title, measured = SECTIONS[name]
        body = [f"{datetime.date.today()}, 2 cores, 24 GiB.", "", *measured()]
        held = page.sections(PAGE.read_text(encoding="utf-8"))
        said = held.get(title, "").partition("\n\n2")[0] if not held.get(title, "").startswith("2") else ""
        PAGE.write_text(page.replaced(PAGE.read_text(encoding="utf-8"), title, [*([said, ""] if said else []), *body]), encoding="utf-8")
        print("\n".join(body))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", help=f"of {chr(44).join(SECTIONS)}; by default all")
    main(parser.parse_args().sections)
