"""What the report asks of ledger and measures, against the same told in plain Python."""

import math
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tools.contract import Between, OneOf
from workflows.engine.ledger import QUARANTINE, SCHEMA
from workflows.report import questions

RULES = {"sized": (Between("words", 5, 50), Between("lines", None, 3)), "spoken": (OneOf("language", ("en", "de")),), "once": ()}
NOTHING = {"operator": "x", "into": None, "into_part": None, "parents": None, "digest": None, "bound": None}


def ledger_rows(count: int) -> list[dict[str, Any]]:
    drawn = random.Random(7)
    found = []
    for row in range(count):
        state = drawn.choice(["kept", "dropped", "merged", "quarantined", "unused"])
        step = {"kept": None, "quarantined": "posts", "merged": "once"}.get(state, drawn.choice(["sized", "spoken"]))
        measure = {"merged": "merged", "quarantined": "error"}.get(state) or (
            {"sized": drawn.choice(["words", "lines", "null"])}.get(step, "language")
        )
        value = drawn.choice([None, math.nan, drawn.uniform(-9, 90)]) if measure in ("words", "lines") else None
        place = {"row": row * 3, "part": row % 2, "source": drawn.choice(["posts", "mail"]), "file": f"f{row % 3}", "line": row or None}
        ended = {"state": state, "step": step, "measure": None if state in ("kept", "unused") else measure, "value": value}
        more = {"into": 0, "into_part": 1} if state == "merged" else {"bound": f"why {row % 4}"} if state == "quarantined" else {}
        found.append({**NOTHING, **place, **ended, **more})
    return found


@pytest.fixture
def rows(tmp_path: Path) -> list[dict[str, Any]]:
    found = ledger_rows(4000)
    (tmp_path / "ledger").mkdir()
    for number in range(2):
        pq.write_table(pa.Table.from_pylist(found[number::2], schema=SCHEMA), tmp_path / "ledger" / f"{number}.parquet", row_group_size=700)
    return found


def distance(row: dict[str, Any]) -> float:
    clauses = [one for one in RULES[str(row["step"])] if isinstance(one, Between) and one.measure == row["measure"]]
    bounds = [bound for one in clauses for bound in (one.at_least, one.at_most) if bound is not None]
    value = row["value"]
    return 0.0 if value is None or math.isnan(value) or not bounds else min(abs(value - bound) for bound in bounds)


def test_the_rows_nearest_to_each_bound_are_found(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    gone = [row for row in rows if row["state"] in ("dropped", "merged") and row["measure"] != "null"]
    found = questions.gone(tmp_path, RULES)
    by_place = {(row["row"], row["part"]): row for row in gone}
    for kind in {(row["step"], row["state"], row["measure"]) for row in gone}:
        nearest = sorted(distance(row) for row in gone if (row["step"], row["state"], row["measure"]) == kind)[: questions.NEAREST]
        some = [by_place[one.row, one.part] for one in found if (one.step, one.kind, one.measure) == kind]
        assert sorted(map(distance, some)) == pytest.approx(nearest)
    assert all((one.file, one.line) == (by_place[one.row, one.part]["file"], by_place[one.row, one.part]["line"]) for one in found)
    assert {(one.into, one.into_part) for one in found} == {(None, 0), (0, 1)}
    assert questions.gone(tmp_path, RULES) == found


def test_sources_and_what_was_refused_are_counted(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    assert questions.source_rows(tmp_path) == Counter(row["source"] for row in rows if row["part"] == 0 and row["step"] != row["source"])
    refused = [row for row in rows if row["state"] == "quarantined"]
    raw = pa.Table.from_pylist([{"row": row["row"], "raw": b"\xff" + b"x" * 2000} for row in reversed(refused)], schema=QUARANTINE)
    (tmp_path / "quarantine").mkdir()
    pq.write_table(raw, tmp_path / "quarantine" / "0.parquet", row_group_size=100)
    reasons, shown = questions.quarantined(tmp_path)
    assert reasons == sorted(Counter(str(row["bound"]) for row in refused).items(), key=lambda one: (-one[1], one[0]))
    assert [one.row for one in shown] == [row["row"] for row in refused[: questions.MOST_QUARANTINED]]
    assert {one.raw for one in shown} == {"\\xff" + "x" * (questions.RAW_BYTES - 1)}


def test_measures_and_labels_are_found(tmp_path: Path) -> None:
    drawn, folder = random.Random(3), tmp_path / "measures"
    words = [drawn.choice([None, drawn.randrange(90)]) for _ in range(3000)]
    lines = [drawn.choice([None, math.nan, drawn.uniform(0, 6)]) for _ in range(3000)]
    names = [drawn.choice([None, "en", "de", "fr", *(f"x{n}" for n in range(20))]) for _ in range(3000)]
    (folder / "sized").mkdir(parents=True)
    (folder / "spoken").mkdir()
    place = {"row": range(3000), "part": [0] * 3000}
    sized = pa.table({**place, "words": pa.array(words, pa.int32()), "lines": pa.array(lines, pa.float64())})
    pq.write_table(sized, folder / "sized" / "0.parquet", row_group_size=500)
    pq.write_table(pa.table({**place, "language": pa.array(names).dictionary_encode()}), folder / "spoken" / "0.parquet", row_group_size=500)
    for inside in (True, False):
        found = questions.measured(tmp_path, "sized", RULES["sized"], inside=inside)
        holds = [w is not None and 5 <= w <= 50 and line is not None and line <= 3 for w, line in zip(words, lines, strict=True)]
        near = sorted(min(abs(w - 5), abs(w - 50)) for w, held in zip(words, holds, strict=True) if w is not None and held == inside)
        assert all(holds[one.row] == inside for one in found)
        assert [min(abs(one.value - 5), abs(one.value - 50)) for one in found if one.value is not None] == near[: questions.NEAREST]
    labels = questions.labels(tmp_path, "spoken")["language"]
    counts = sorted(Counter(names).items(), key=lambda one: (-one[1], one[0] is None, one[0] or ""))
    assert labels[:-1] == [(name or "no value", count) for name, count in counts[: questions.MOST_LABELS]]
    assert labels[-1] == (f"{len(counts) - questions.MOST_LABELS} others", sum(count for _, count in counts[questions.MOST_LABELS :]))
    chosen = questions.label_candidates(tmp_path, "spoken", RULES["spoken"][0])
    assert len(chosen) == questions.NEAREST
    assert all(names[one.row] in ("en", "de") for one in chosen)
    assert not questions.label_candidates(tmp_path, "nowhere", RULES["spoken"][0])
    assert not questions.labels(tmp_path, "nowhere")
