"""A corpus with known near-duplicates: real texts of many kinds in a new order each round, the words of every copy changed, twins strewn in."""

import argparse
import heapq
import json
import random
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .corpus import DATA, stored

# one row in so many is taken in each round, so that no kind outweighs the others
SOURCES = {
    "raw_text/standards_python": 1,
    "raw_text/standards_blockchain": 1,
    "raw_text/community_docs": 1,
    "raw_text/powershell_docs": 1,
    "raw_text/docs_react_en": 1,
    "raw_text/docs_react_zh": 1,
    "docs_near_dup/powershell_reference": 1,
    "topics/movie_reviews": 1,
    "science/scitldr_a_train": 1,
    "readability/clear_corpus": 1,
    "alpaca/alpaca": 4,
    "t0_multitask/t0_templates": 2,
}
FIELDS = ("text", "Excerpt", "source", "prompt", "instruction", "input", "completion", "output")
LEAST_WORDS = 20  # below, tools differ in what an n-gram of a short text is
COPY = 0.25  # share of words that a later round's copy has changed: no near-duplicate of the first
TWIN, TWIN_SHARES = 0.1, (0.01, 0.05)  # one text in ten returns soon with 1–5% of its words changed
AGAIN = 0.02  # and one in fifty with other white space and case alone
SOON = 4000  # rows within which a twin follows, so that every part of a file holds pairs
WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Twin:
    """A row made from an earlier one by changing some of its words, white space apart."""

    row: int
    other: int
    words: int
    changed: int


def documents(seed: int = 1) -> Iterator[tuple[str, Twin | None]]:
    """Texts without end, and of each twin what it was made from."""
    draw = random.Random(seed)
    texts = [(every, text) for name, every in SOURCES.items() for text in _texts(DATA / f"{name}.jsonl.zst")]
    vocabulary = sorted({word for _, text in texts[:2000] for word in re.findall(r"\b[a-z]{3,12}\b", text)})
    waiting: list[tuple[int, str, int, int, int]] = []
    row = 0
    for text in _rounds(texts, draw, vocabulary):
        while waiting and waiting[0][0] <= row:
            _, twin, other, words, changed = heapq.heappop(waiting)
            yield twin, Twin(row, other, words, changed)
            row += 1
        yield text, None
        chance = draw.random()
        if chance < TWIN:
            heapq.heappush(waiting, (row + draw.randrange(1, SOON), *_twin(text, row, draw, vocabulary)))
        elif chance < TWIN + AGAIN:
            words = len(WORD.findall(text))
            heapq.heappush(waiting, (row + draw.randrange(1, SOON), f" {text[0].upper()}{text[1:]}".replace(" ", "  "), row, words, 0))
        row += 1


def changed(text: str, count: int, draw: random.Random, vocabulary: list[str]) -> str:
    """The text with so many of its words replaced by others; all else as it was."""
    found = list(WORD.finditer(text))
    parts, end = [], 0
    for place in sorted(draw.sample(range(len(found)), count)):
        word = found[place]
        other = draw.choice(vocabulary)
        parts += [text[end : word.start()], other if other != word[0].lower() else other + "s"]
        end = word.end()
    return "".join([*parts, text[end:]])


def write(path: Path, megabytes: float, seed: int = 1) -> int:
    """Write JSON lines {id, source, text} up to a size and the twins beside them. Gives the rows."""
    size = count = 0
    with open(path, "w", encoding="utf-8") as file, open(twins_of(path), "w", encoding="utf-8") as twins:
        for text, twin in documents(seed):
            # ids from 1: the writer of datatrove leaves out what is 0
            line = json.dumps({"id": count + 1, "source": f"s{count % 7}", "text": text}, ensure_ascii=False) + "\n"
            file.write(line)
            if twin:
                twins.write(json.dumps(asdict(twin)) + "\n")
            size += len(line.encode())
            count += 1
            if size >= megabytes * 1e6:
                break
    return count


def twins_of(path: Path) -> Path:
    return path.with_suffix(".twins.jsonl")


def _rounds(texts: list[tuple[int, str]], draw: random.Random, vocabulary: list[str]) -> Iterator[str]:
    for turn in range(1 << 30):
        chosen = [text for every, text in texts if draw.random() * every < 1]
        draw.shuffle(chosen)
        yield from chosen if turn == 0 else (changed(text, round(COPY * len(WORD.findall(text))), draw, vocabulary) for text in chosen)


def _twin(text: str, row: int, draw: random.Random, vocabulary: list[str]) -> tuple[str, int, int, int]:
    words = len(WORD.findall(text))
    count = max(1, round(words * draw.uniform(*TWIN_SHARES)))
    return changed(text, count, draw, vocabulary), row, words, count


def _texts(path: Path) -> Iterator[str]:
    for row in stored(path):
        text = "\n".join(" ".join(value) if isinstance(value, list) else value for value in map(row.get, FIELDS) if value)
        if len(WORD.findall(text)) >= LEAST_WORDS:
            yield text


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("megabytes", type=float)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(write(given.path, given.megabytes, given.seed), "rows")
