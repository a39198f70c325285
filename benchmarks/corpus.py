"""Corpora of any size from real text: documents in another order each round, every copy with some of its words replaced."""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import zstandard

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FILES = (
    "raw_text/standards_python",
    "raw_text/standards_blockchain",
    "raw_text/community_docs",
    "raw_text/powershell_docs",
    "raw_text/laws_de",
    "docs_near_dup/powershell_reference",
    "topics/movie_reviews",
    "t0_multitask/t0_templates",
)
INSTRUCTIONS = "alpaca/alpaca.jsonl.zst"
CHANGED = 12  # every copy after the first: one word in so many becomes a number


def documents(seed: int = 1) -> Iterator[str]:
    """Texts without end."""
    draw = random.Random(seed)
    texts = [text for name in FILES for text in _texts(DATA / f"{name}.jsonl.zst")]
    for copy in range(1 << 30):
        draw.shuffle(texts)
        yield from texts if copy == 0 else (_changed(text, draw) for text in texts)


def write(path: Path, megabytes: float, row_characters: int | None = None, seed: int = 1) -> int:
    """Write JSON lines {id, source, text} up to a size; with `row_characters` texts are cut into rows of that length. Gives the rows."""
    size, rows = 0, 0
    with open(path, "w", encoding="utf-8") as file:
        for text in documents(seed):
            for piece in [text] if row_characters is None else [text[i : i + row_characters] for i in range(0, len(text), row_characters)]:
                line = json.dumps({"id": rows, "source": f"s{rows % 7}", "text": piece}, ensure_ascii=False) + "\n"
                size += len(line.encode())
                rows += 1
                file.write(line)
            if size >= megabytes * 1e6:
                return rows
    return rows


def write_instructions(path: Path, megabytes: float, seed: int = 1) -> int:
    """Write short JSON lines {id, source, instruction, input, output} up to a size; copies have words replaced. Gives the rows."""
    draw, size, rows = random.Random(seed), 0, 0
    known = list(stored(DATA / INSTRUCTIONS))
    with open(path, "w", encoding="utf-8") as file:
        while size < megabytes * 1e6:
            row = known[rows % len(known)]
            texts = {name: row[name] if rows < len(known) else _changed(row[name], draw) for name in ("instruction", "input", "output")}
            size += file.write(json.dumps({"id": rows, "source": f"s{rows % 7}", **texts}) + "\n")
            rows += 1
    return rows


def _texts(path: Path) -> Iterator[str]:
    return (row.get("text") or row.get("prompt") or "" for row in stored(path))


def stored(path: Path) -> Iterator[dict[str, str]]:
    with open(path, "rb") as file:
        for line in zstandard.ZstdDecompressor().stream_reader(file).read().decode().split("\n"):
            if line:
                yield json.loads(line)


def _changed(text: str, draw: random.Random) -> str:
    words = text.split(" ")
    for _ in range(len(words) // CHANGED):
        words[draw.randrange(len(words))] = str(draw.randrange(10**6))
    return " ".join(words)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("megabytes", type=float)
    parser.add_argument("--row-characters", type=int)
    given = parser.parse_args()
    print(write(given.path, given.megabytes, given.row_characters), "rows")
