"""Whether the composites decide as datatrove does, on 50,000 real documents and more: `python -m benchmarks.agreement [PYTHON]`.

PYTHON is that of an environment that holds the peer; without it one is made outside the tree.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa

from tools.contract import Measure
from tools.measures.c4 import C4Quality
from tools.measures.fineweb import FineWebQuality
from tools.measures.gopher import GopherQuality
from tools.measures.gopher_repetition import GopherRepetition
from tools.rewrites.c4_lines import C4Lines
from tools.scan import TextScan

from .agreement_texts import documents
from .peers import venvs

SCRIPT = Path(__file__).with_name("peers") / "scripts" / "agreement.py"
BATCH, PROCESSES = 2048, 2
OURS: dict[str, Measure] = {
    "gopher_repetition": GopherRepetition(),
    "gopher_quality": GopherQuality(),
    "c4_quality": C4Quality(),
    "fineweb_quality": FineWebQuality(),
}
# the peer's reasons and the measure that bounds the same
REASONS = {
    "empty": ("duplicate_paragraph_share", "ended_line_share"),
    "dup_para_frac": ("duplicate_paragraph_share",),
    "dup_para_char_frac": ("duplicate_paragraph_character_share",),
    "dup_line_frac": ("duplicate_line_share",),
    "dup_line_char_frac": ("duplicate_line_character_share",),
    **{f"top_{n}_gram": (f"top_{n}_gram_share",) for n in range(2, 5)},
    **{f"duplicated_{n}_n_grams": (f"duplicate_{n}_gram_share",) for n in range(5, 11)},
    "gopher_short_doc": ("words",),
    "gopher_long_doc": ("words",),
    "gopher_below_avg_threshold": ("mean_word_length",),
    "gopher_above_avg_threshold": ("mean_word_length",),
    "gopher_too_many_hashes": ("symbol_word_ratio",),
    "gopher_too_many_ellipsis": ("symbol_word_ratio",),
    "gopher_too_many_bullets": ("bullet_line_share",),
    "gopher_too_many_end_ellipsis": ("ellipsis_line_share",),
    "gopher_below_alpha_threshold": ("alphabetic_word_share",),
    "gopher_enough_stop_words": ("stop_words",),
    "lorem_ipsum": ("lorem_ipsum",),
    "curly_bracket": ("curly_brackets",),
    "too_few_sentences": ("sentences",),
    "line_punct_ratio": ("ended_line_share",),
    "short_line_ratio": ("short_line_share",),
    "char_dup_ratio": ("duplicate_line_character_share",),
    "list_ratio": ("breaks_per_token",),
}


class Desk:
    """What the engine lends, as far as these operators ask."""

    def scan(self, texts: pa.Array) -> TextScan:
        return TextScan(texts)


def reasons(name: str, texts: pa.Array) -> list[str]:
    """For each text the measure for which an operator drops it, empty where it keeps it."""
    measure = OURS[name]
    columns = measure.measure(pa.record_batch({"text": texts}), Desk())  # type: ignore[arg-type]
    found = [""] * len(texts)
    for clause in reversed(measure.rule()):
        for row, holds in enumerate(clause.holds(columns[clause.measure]).to_pylist()):
            found[row] = found[row] if holds else clause.measure
    return found


def verdicts(texts: list[str]) -> list[dict[str, str]]:
    """What ours say: each filter of the text as it is; `chain`: the first that drops it, where FineWeb sees the lines that C4 keeps."""
    array = pa.array(texts, pa.string())
    said = {name: reasons(name, array) for name in OURS}
    cleaned = C4Lines().rewrite(pa.record_batch({"text": array}), Desk())["text"]  # type: ignore[arg-type]
    in_chain = said | {"fineweb_quality": reasons("fineweb_quality", cleaned)}
    chain = [next((f"{name}:{rows[row]}" for name, rows in in_chain.items() if rows[row]), "") for row in range(len(texts))]
    return [{name: rows[row] for name, rows in (said | {"chain": chain}).items()} for row in range(len(texts))]


def is_same(theirs: str, ours: str) -> tuple[bool, bool]:
    """Whether the decision is the same, and whether the reason is too."""
    their_filter, _, reason = theirs.rpartition(":")
    our_filter, _, measure = ours.rpartition(":")
    return bool(theirs) == bool(ours), (not theirs and not ours) or (their_filter == our_filter and measure in REASONS.get(reason, ()))


def peer(python: Path, texts: list[str]) -> list[dict[str, str]]:
    """What the peer says, in a few processes."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(PROCESSES) as pool:
        parts = [texts[part::PROCESSES] for part in range(PROCESSES)]
        said = list(pool.map(lambda part: _peer(python, Path(folder) / str(part[0]), part[1]), enumerate(parts)))
    found: list[dict[str, str]] = [{}] * len(texts)
    for part, rows in enumerate(said):
        found[part::PROCESSES] = rows
    return found


def _peer(python: Path, place: Path, texts: list[str]) -> list[dict[str, str]]:
    given, out = place.with_suffix(".texts"), place.with_suffix(".said")
    given.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    subprocess.run([str(python), "-I", str(SCRIPT), str(given), str(out)], check=True, stdout=subprocess.DEVNULL)
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def table(theirs: list[dict[str, str]], ours: list[dict[str, str]]) -> Iterator[str]:
    yield "| filter | documents | dropped by the peer | same decision | same first reason |"
    yield "|---|---|---|---|---|"
    for name in (*OURS, "chain"):
        found = [is_same(one[name], other[name]) for one, other in zip(theirs, ours, strict=True) if one[name] != "failed"]
        dropped = sum(bool(one[name]) for one in theirs)
        decision, reason = (sum(pair[part] for pair in found) / len(found) for part in (0, 1))
        yield f"| {name} | {len(found):,} | {dropped:,} | {decision:.3%} | {reason:.3%} |"


def classes(theirs: list[dict[str, str]], ours: list[dict[str, str]], names: list[str]) -> Iterator[str]:
    """The ways in which the two differ: how often, and the first document."""
    counts: Counter[tuple[str, str, str]] = Counter()
    first: dict[tuple[str, str, str], str] = {}
    for one, other, place in zip(theirs, ours, names, strict=True):
        for name in (*OURS, "chain"):
            if not is_same(one[name], other[name])[1]:
                key = name, one[name] or "keeps", other[name] or "keeps"
                counts[key] += 1
                first.setdefault(key, place)
    for key, count in counts.most_common():
        yield f"| {key[0]} | {key[1]} | {key[2]} | {count} | {first[key]} |"


def ours_of(texts: list[str]) -> list[dict[str, str]]:
    return [said for start in range(0, len(texts), BATCH) for said in verdicts(texts[start : start + BATCH])]


def main(arguments: list[Any]) -> None:
    names, texts = map(list, zip(*documents(), strict=True))
    theirs = peer(Path(arguments[0]) if arguments else venvs.python("datatrove"), texts)
    ours = ours_of(texts)
    print("\n".join(table(theirs, ours)))
    print("\n| filter | the peer | winnow | documents | first |\n|---|---|---|---|---|")
    print("\n".join(classes(theirs, ours, names)))


if __name__ == "__main__":
    main(sys.argv[1:])
