"""Sound recipes over tiny files: every kind of operator, every format, every key of a recipe. Mutants are made of them."""

import gzip
import json
import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from workflows.loader import load

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TOPICS = ("law", "tax", None, "art")
TEXTS = (
    "The committee met on Monday and agreed that the road should be repaired before winter.",
    "Das Wetter ist heute schön, und wir gehen mit den Kindern in den Park.",
    "<p>Write to <b>ann@example.org</b> or call +1-203-305-2492.</p>",
    "the committee  met on Monday and agreed that the road should be repaired before winter.",
    "",
    "Short one.\n\nTwo paragraphs here, the second of them somewhat longer than the first.",
)


def tiny_files(folder: Path) -> None:
    """The files that the recipes read."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [_row(number) for number in range(12)]
    _lines(folder / "rows.jsonl", rows)
    (folder / "rows.jsonl.gz").write_bytes(gzip.compress((folder / "rows.jsonl").read_bytes()))
    (folder / "list.json").write_text(json.dumps(rows[:6]))
    _lines(folder / "evals.jsonl", [{"question": text, "label": number, "id": number} for number, text in enumerate(TEXTS[:3])])
    (folder / "labels.csv").write_text("id,label,weight\n" + "".join(f"{number},label {number % 3},{number / 2}\n" for number in range(8)))
    (folder / "rows.tsv").write_text("id\ttext\tscore\n" + "".join(f"{number}\ttext {number % 4}\t{number % 5}\n" for number in range(9)))
    (folder / "notes.txt").write_text("first note\nsecond note\n\nfirst note\n")
    (folder / "empty.jsonl").write_text("")
    _lines(
        folder / "odd.jsonl",
        [dict.fromkeys(("at", "row", "parents", "place", "key", "order", "part", "_", "size.words", "big"), n) for n in range(5)],
    )
    _lines(folder / "parts" / "one.jsonl", rows[:5])
    _lines(folder / "parts" / "two.jsonl", rows[5:])
    pq.write_table(_typed(), folder / "typed.parquet")
    crawl = zstandard.ZstdDecompressor().stream_reader((EXAMPLES / "crawl.jsonl.zst").read_bytes()).read(1 << 20).split(b"\n")[:60]
    (folder / "crawl.jsonl.zst").write_bytes(zstandard.compress(b"\n".join(crawl) + b"\n"))


def _row(number: int) -> dict[str, object]:
    return {
        "id": number,
        "text": TEXTS[number % len(TEXTS)] if number != 7 else None,
        "score": number / 4,
        "good": number % 2 == 0,
        "topic": TOPICS[number % len(TOPICS)],
        "tags": ["a", "b"][: number % 3],
        "meta": {"a": number},
        "vector": [float(number), 1.0],
        "output": f"answer {number}",
        "mixed": number if number % 2 else "seven",
    }


def _typed() -> pa.Table:
    count = 6
    return pa.table(
        {
            "id": pa.array(range(count), pa.int32()),
            "text": pa.array([f"typed text {number}" for number in range(count)], pa.large_string()),
            "score": pa.array([number / 3 for number in range(count)], pa.float32()),
            "price": pa.array([Decimal(number) for number in range(count)], pa.decimal128(10, 2)),
            "day": pa.array([date(2024, 1, number + 1) for number in range(count)]),
            "time": pa.array([datetime(2024, 1, number + 1, 12) for number in range(count)], pa.timestamp("us")),
            "raw": pa.array([b"\x00\xff"] * count),
            "kind": pa.array(["x", "y"] * 3).dictionary_encode(),
            "nothing": pa.nulls(count),
            "large": pa.array([2**63 + number for number in range(count)], pa.uint64()),
        }
    )


def _lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


MEASURES = """
winnow: 1
name: measures
seed: 3
goal: One of each measure.
sources:
  rows: {path: rows.jsonl, licence: CC0-1.0, columns: {id: float, mixed: json}}
steps:
  - {id: size, op: words@1, from: rows, on: text, with: {at_most: 1000}, why: no dumps, keep_measures: true}
  - {id: length, op: characters, from: size, as: {characters: length}, nulls: keep}
  - {id: tongue, op: language@1, from: length, on: text, with: {languages: [en, de, und], confidence_at_least: 0.01}, as: {language: tongue}}
  - {id: good, op: field@1, from: tongue, with: {where: "score >= 0 and (topic is null or topic in ('law', 'tax'))"}}
  - {id: named, op: matches@1, from: good, on: [text, output], with: {pattern: 'm[eo]t', ignore_case: true}}
  - {id: listed, op: contains_words@1, from: named, on: {text: text}, with: {words: [winter, "the road"], at_most: 3}}
  - {id: filled, op: is_empty, from: listed, on: text}
  - {id: shape, op: alphabetic_share, from: filled, on: text, with: {at_least: 0.1}}
  - {id: few, op: threshold@1, from: shape, on: size.words, with: {at_least: 1}}
  - {id: middle, op: quantile@1, from: few, on: {value: named.matches}, with: {at_most: 1.0}}
outputs:
  kept: {from: middle, path: out/kept.jsonl}
  short: {from: few.dropped, path: out/short.csv, with: {delimiter: ";"}}
  rest: {from: [good.dropped, tongue.dropped], path: rest.parquet}
checks:
  - rows(middle) between 0 and 1_000
  - share(size) >= 0.1
  - distinct(middle, text) <= 100
  - nulls(good.dropped, topic) >= 0
  - rows(rows) > 1
"""

REWRITES = """
winnow: 1
name: rewrites
sources:
  rows: {path: rows.jsonl.gz}
steps:
  - {id: plain, op: strip_html@1, from: rows, on: [text, output]}
  - {id: fixed, op: fix_unicode, from: plain, on: text}
  - {id: tidy, op: normalise_whitespace, from: fixed, on: text, nulls: drop}
  - {id: masked, op: mask_pii@1, from: tidy, on: text, with: {types: [email, phone], placeholder: "<{type}>"}}
  - {id: swapped, op: replace@1, from: masked, on: text, with: {pattern: '(\\w+) one', replacement: 'one \\1'}}
  - {id: both, op: derive@1, from: swapped, with: {column: both, value: "concat(topic, ': ', text)"}, as: {both: heading}}
  - {id: half, op: derive@1, from: both, with: {column: score, value: "score / 2"}}
  - {id: named, op: rename@1, from: half, with: {names: {output: answer}}}
  - {id: slim, op: drop_columns@1, from: named, with: {columns: [meta, mixed]}}
  - {id: chat, op: to_messages@1, from: slim, on: {instruction: text, output: answer}, with: {has_input: false, system: Be brief.}}
  - {id: few, op: select_columns@1, from: chat, with: {columns: [id, messages, heading, score]}}
outputs:
  chats: {from: few, path: chats.jsonl.zst}
  flat: {from: slim, path: flat.tsv}
  gone: {from: tidy.dropped, path: gone.json}
"""

CHOICES = """
winnow: 1
name: choices
seed: 11
sources:
  rows: {path: parts/*.jsonl}
  more: {path: [list.json], format: json}
steps:
  - {id: once, op: exact_dedup@1, from: [rows, more], on: [text, topic], with: {ignore: case_and_space}, nulls: keep}
  - {id: near, op: minhash_dedup@1, from: once, on: {text: text, by: score}, with: {keep: best, similarity: 0.7, reach: 0.7}}
  - {id: kin, op: threshold, from: near, on: near.cluster, with: {at_least: 0}}
  - {id: spread, op: k_center@1, from: kin, on: vector, with: {rows: 6, of: vector}, as: {pick: pick}}
  - {id: some, op: random_sample@1, from: spread, with: {rows: 5}}
  - {id: fair, op: stratified_sample@1, from: some, on: topic, with: {share: 0.9}}
  - {id: even, op: balance@1, from: fair, on: {group: good}, with: {rows_each: 2}, nulls: drop}
  - {id: size, op: words, from: even, on: text}
  - {id: budget, op: token_budget@1, from: size, on: {weight: size.words}, with: {budget: 60, take: first}}
  - {id: best, op: top_k@1, from: budget, on: {by: score}, with: {rows: 3}}
  - {id: sorted, op: sort@1, from: best, on: {by: id}, with: {descending: true}}
  - {id: parts, op: split@1, from: sorted, with: {validation: 0.4, test_rows: 1}}
outputs:
  data: {from: parts, path: out/data.jsonl}
  merged: {from: near.dropped, path: out/merged.parquet}
checks:
  - rows(best) <= 3
  - rows(parts.train) >= 0
"""

LOOK_UPS = """
winnow: 1
name: look-ups
sources:
  rows: {path: rows.tsv}
  labels: {path: labels.csv}
  evals: {path: evals.jsonl}
  lines: {path: notes.txt, with: {column: note}}
steps:
  - {id: tidy_labels, op: normalise_whitespace, from: labels, on: label}
  - {id: labelled, op: join_on@1, from: {rows: rows, against: tidy_labels}, on: {key: id}, with: {columns: [label, weight], many: first}}
  - {id: all, op: join_all@1, from: {rows: labelled, against: evals}, on: {key: id, against.key: id}, with: {columns: [question]}}
  - {id: clean, op: decontaminate@1, from: {rows: labelled, against: evals}, on: {against.text: question}, with: {at_most: 0.5}, keep_measures: true}
  - {id: new, op: exact_dedup@1, from: {rows: clean, against: lines}, on: {text: text, against.text: note}}
  - {id: pieces, op: chunk@1, from: new, on: text, with: {words: 1, at: sentence}}
  - {id: mixed, op: shuffle, from: pieces}
  - {id: first, op: first_n@1, from: mixed, with: {rows: 4}}
outputs:
  joined: {from: all, path: joined.csv}
  pieces: {from: first, path: pieces.txt, format: text, with: {column: text}}
  dirty: {from: clean.dropped, path: dirty.parquet}
checks:
  - nulls(labelled, label) >= 0
  - share(all) >= 0
"""

TYPES = """
winnow: 1
name: types
sources:
  typed: {path: typed.parquet}
  odd: {path: odd.jsonl}
  text: {path: [notes.txt], with: {records: paragraph}}
steps:
  - {id: dates, op: field, from: typed, with: {where: "day > date '2024-01-02' and price < 100"}}
  - {id: late, op: sort, from: dates, on: {by: time}}
  - {id: kinds, op: exact_dedup, from: late, on: {text: kind}}
  - {id: wide, op: derive, from: odd, with: {column: label, value: "case when row > 2 then 'x' else null end"}}
  - {id: oddly, op: threshold, from: wide, on: place, as: value, nulls: drop}
  - {id: words, op: words, from: [kinds, oddly, text], on: text, with: {at_least: 0}, nulls: keep}
outputs:
  out: {from: words, path: typed.json, format: json}
  raw: {from: kinds.dropped, path: raw.parquet}
"""


# of the examples' rows only some are here
TEXTS_OF_RECIPES = [
    *(MEASURES, REWRITES, CHOICES, LOOK_UPS, TYPES),
    *(path.read_text().replace("between 2000", "between 0") for path in sorted(EXAMPLES.glob("*.yaml"))),
]


def sound_recipes() -> list[dict[str, object]]:
    """Each as the plain data of its YAML text."""
    return [as_data(text) for text in TEXTS_OF_RECIPES]


def as_data(text: str) -> dict[str, object]:
    found: dict[str, object] = load(text).recipe.model_dump(by_alias=True, exclude_defaults=True)
    return {"winnow": 1, **json.loads(json.dumps(found))}


def clear(folder: Path, keep: set[Path]) -> None:
    """Take away all that a run left in the folder."""
    for path in sorted(set(folder.rglob("*")) - keep, reverse=True):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
