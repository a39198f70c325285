"""How fast the rewrites and the cuts into pieces are: megabytes of text a CPU second, on texts of four kinds.

`python -m benchmarks.refine [NAME…]`; texts lie in ../shared/data. The best of some rounds counts, since other work on the machine only slows.
"""

import io
import json
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import pyarrow as pa

from tools.catalogue import operator
from tools.contract import Expand, Operator, Rewrite
from tools.scan import TextScan

DATA = Path(__file__).resolve().parents[1] / "../shared/data"
TEXTS: Mapping[str, tuple[str, str, int]] = {
    "manuals": ("docs_near_dup/powershell_reference.jsonl.zst", "text", 400),
    "reviews": ("topics/movie_reviews.jsonl.zst", "text", 1000),
    "tweets": ("toxicity/davidson_tweets.jsonl.zst", "tweet", 24000),
    "chinese": ("raw_text/docs_react_zh.jsonl.zst", "text", 170),
}
ROUNDS = 7
WORK: tuple[tuple[str, Mapping[str, object]], ...] = (
    ("normalise_punctuation", {}),
    ("lower_case", {}),
    ("remove_urls", {}),
    ("strip_emoji", {}),
    ("remove_lines", {"matching": r"^\s*#", "fewer_words_than": 3}),
    ("truncate", {"words": 100}),
    ("truncate", {"sentences": 3}),
    ("convert_chinese", {}),
    ("chunk", {"words": 200}),
    ("chunk", {"words": 200, "overlap": 40, "at": "sentence"}),
    ("chunk", {"characters": 1000}),
    ("chunk", {"sentences": 5}),
    ("chunk", {"headings": True}),
    ("split_sentences", {}),
)


class Desk:
    """What the engine lends to these."""

    def scan(self, texts: pa.Array) -> TextScan:
        return TextScan(texts)


def main(only: list[str]) -> None:
    batches = {name: pa.record_batch({"text": pa.array(texts(*source))}) for name, source in TEXTS.items()}
    sys.stdout.write(f"{'MB a CPU second':<44}{''.join(f'{name:>9}' for name in batches)}\n")
    for name, params in WORK:
        if not only or name in only:
            made = operator(name)(**params)
            speeds = [batch["text"].nbytes / 1e6 / seconds(made, batch) for batch in batches.values()]
            shown = f"{name} {', '.join(f'{key}={value}' for key, value in params.items())}"
            sys.stdout.write(f"{shown:<44}{''.join(f'{speed:>9.0f}' for speed in speeds)}\n")


def texts(path: str, column: str, most: int) -> list[str]:
    import zstandard

    with (DATA / path).open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        rows: Iterator[str] = islice(io.TextIOWrapper(stream, encoding="utf-8"), most)
        return [json.loads(row)[column] for row in rows]


def seconds(made: Operator, batch: pa.RecordBatch) -> float:
    found = []
    for _ in range(ROUNDS):
        started = time.process_time()
        if isinstance(made, Rewrite):
            made.rewrite(batch, Desk())  # type: ignore[arg-type]
        elif isinstance(made, Expand):
            made.expand(batch, Desk())  # type: ignore[arg-type]
        found.append(time.process_time() - started)
    return min(found)


if __name__ == "__main__":
    main(sys.argv[1:])
