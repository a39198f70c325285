"""Build the sample data: a crawl as it comes in, real texts with the junk that such files hold.

    python examples/build_demo.py DATA

DATA is a folder of .jsonl.zst files made from public repositories; examples/NOTICE.md lists those used, with licences.
The same DATA always gives the same crawl.jsonl.zst, and crawl.truth.json beside it, which says what junk stands where.
Passages and news that hold an address are left out: those in it come from template-made sentences and the examples of help pages.
"""

import io
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import zstandard

HERE = Path(__file__).parent
SEED = 7
LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "ar", "hi", "zh", "ja")
ANGLE = re.compile(r"<[A-Za-z/!]")
ADDRESS = re.compile(r"\S@\S|\w+ at \w+\.\w+|\(@\w+\)")
BROKEN = (
    b'{"id": 900001, "source": "peps", "path": "peps/pep-0008.rst", "text": "Limit all lines to a maximum of 79 char',
    b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>",
    b'{"id": 900002, "source": "books", "text": "Call me Ishmael."}{"id": 900003, "source": "books", "text": "Some years ago"}',
    b'{"id": 900004, "source": "mail", "path": "inbox", "text": "caf\xe9 na\xefve: bytes of an older encoding"}',
)


@dataclass(frozen=True)
class Page:
    """A row to be, with what the truth file will say of it."""

    source: str
    path: str
    text: str | None
    junk: frozenset[str] = field(default_factory=frozenset)
    versions: str = ""  # pages of one name are versions of each other


def main(data: Path) -> None:
    chance = random.Random(SEED)
    pages = [
        *passages(chance, data / "raw_text/standards_python.jsonl.zst", "peps", 1000),
        *passages(chance, data / "raw_text/standards_blockchain.jsonl.zst", "eips", 500),
        *moved(data / "raw_text/standards_blockchain.jsonl.zst", 100),
        *chapters(chance, data / "raw_text/books_xhtml.jsonl.zst", 120, 500),
        *help_pages(data / "docs_near_dup/powershell_reference.jsonl.zst", 190),
        *problems(data / "gsm8k/train.jsonl.zst", 500, 150),
        *messages(chance, [data / "pii/presidio_generated_large.jsonl.zst", data / "pii/presidio_synth_v2.jsonl.zst"], 200, 150),
        *news(data / "langid/lingua_testdata.jsonl.zst", 45),
        *empty(),
    ]
    pages += [Page("mirror", f"mirror/{page.path}", page.text, page.junk | {"copies"}) for page in chance.sample([p for p in pages if p.text], 300)]
    chance.shuffle(pages)
    write(pages)


def records(path: Path) -> Iterator[dict[str, str]]:
    with path.open("rb") as packed:
        yield from map(json.loads, io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), encoding="utf-8"))


def packed_up(pieces: Iterable[str], at_least: int, at_most: int, glue: str) -> Iterator[str]:
    """Neighbouring pieces joined to texts within these lengths, in characters."""
    held = ""
    for piece in pieces:
        if held and len(held) + len(piece) > at_most:
            if at_least <= len(held) <= at_most:
                yield held
            held = ""
        held = held + glue + piece if held else piece
    if at_least <= len(held) <= at_most:
        yield held


def passages(chance: random.Random, path: Path, source: str, count: int) -> list[Page]:
    """Neighbouring paragraphs of a document, its header left out."""
    found = [
        Page(source, f"{row['path']}#{part}", text)
        for row in records(path)
        for part, text in enumerate(packed_up(re.split(r"\n\s*\n", row["text"].strip())[1:], 500, 2000, "\n\n"))
        if not ANGLE.search(text) and not ADDRESS.search(text)
    ]
    return chance.sample(found, count)


def moved(path: Path, count: int) -> list[Page]:
    """What is left of a page that moved: a header and a link."""
    stubs = [Page("eips", row["path"], row["text"], frozenset({"short"})) for row in records(path) if len(row["text"]) < 200]
    return stubs[:count]


def chapters(chance: random.Random, path: Path, whole: int, parts: int) -> list[Page]:
    """Short chapters as they are; of long ones some paragraphs, markup and all."""
    books = list(records(path))
    short = [row for row in books if 1500 < len(row["text"]) <= 6000]
    pages = [
        Page("books", f"{row['book']}/{row['path']}", row["text"], frozenset({"markup"})) for row in chance.sample(short, min(whole, len(short)))
    ]
    cut = [
        Page("books", f"{row['book']}/{row['path']}#{part}", f"<section>\n{text}\n</section>", frozenset({"markup"}))
        for row in books
        if len(row["text"]) > 6000
        for part, text in enumerate(packed_up(re.findall(r"<p>.*?</p>", row["text"], re.DOTALL), 900, 2200, "\n"))
    ]
    return pages + chance.sample(cut, parts)


def help_pages(path: Path, count: int) -> list[Page]:
    """Description and examples of a command's help page in every product version that has it: near and exact duplicates."""
    groups: dict[str, list[Page]] = defaultdict(list)
    for row in records(path):
        text = described(row["text"])
        if len(text) >= 700 and not ANGLE.search(text):
            groups[row["group"]].append(Page("help", row["path"], text, versions=row["group"]))
    return [page for group in sorted(groups)[:count] for page in groups[group]]


def described(page: str) -> str:
    parts = [re.search(rf"^## {name}\n(.*?)(?=^## )", page, re.MULTILINE | re.DOTALL) for name in ("SYNOPSIS", "DESCRIPTION", "EXAMPLES")]
    return "\n".join(part.group(1).strip() for part in parts if part)[:3000]


def problems(path: Path, solved: int, bare: int) -> list[Page]:
    """School problems with their solution (calculator marks taken out), and some that are only the question."""
    rows = list(records(path))[: solved + bare]
    told = [f"{row['question']}\n{re.sub('<<.*?>>', '', row['answer'])}" for row in rows[:solved]] + [row["question"] for row in rows[solved:]]
    return [Page("problems", f"train/{number}", text) for number, text in enumerate(told)]


def messages(chance: random.Random, paths: list[Path], long: int, short: int) -> list[Page]:
    """Template-made sentences of customers. Long ones hold an e-mail address or a phone number and six more sentences."""
    rows = [row for path in paths for row in records(path)]
    contact = [row["full_text"] for row in rows if any(kind in str(row["spans"]) for kind in ("EMAIL_ADDRESS", "PHONE_NUMBER"))]
    rest = sorted({row["full_text"] for row in rows} - set(contact))
    letters = ["\n".join([first, *chance.sample(rest, 6)]) for first in chance.sample(contact, min(long, len(contact)))]
    texts = letters + chance.sample(rest, short)
    return [Page("mail", f"inbox/{number}", text, frozenset({"email"} if "@" in text else {"contact"})) for number, text in enumerate(texts)]


def news(path: Path, pages: int) -> list[Page]:
    """Pages of eight to ten sentences in other languages than English."""
    sentences: dict[str, list[str]] = defaultdict(list)
    for row in records(path):
        if not ADDRESS.search(row["text"]):
            sentences[row["lang"]].append(row["text"])
    found = []
    for language in LANGUAGES:
        for page in range(pages):
            some = sentences[language][page * 10 : page * 10 + 8 + page % 3]
            found.append(Page("news", f"{language}/{page}", " ".join(some), frozenset({"not_english"})))
    return found


def empty() -> list[Page]:
    texts: list[str | None] = [""] * 40 + [None] * 25 + [" \n\t "] * 15
    return [Page("peps", f"empty/{number}", text, frozenset({"empty"})) for number, text in enumerate(texts)]


def write(pages: list[Page]) -> None:
    lines = [
        json.dumps({"id": number, "source": page.source, "path": page.path, "text": page.text}, ensure_ascii=False).encode()
        for number, page in enumerate(pages)
    ]
    for number, line in enumerate(BROKEN):
        lines.insert((number + 1) * len(lines) // (len(BROKEN) + 1), line)
    (HERE / "crawl.jsonl.zst").write_bytes(zstandard.ZstdCompressor(level=19).compress(b"\n".join(lines) + b"\n"))
    families: dict[str, list[int]] = defaultdict(list)
    for number, page in enumerate(pages):
        if page.versions:
            families[page.versions].append(number)
    kinds = sorted({kind for page in pages for kind in page.junk})
    truth = {
        "rows": len(pages),
        "broken_lines": len(BROKEN),
        "junk": {kind: [number for number, page in enumerate(pages) if kind in page.junk] for kind in kinds},
        "versions": [numbers for _, numbers in sorted(families.items()) if len(numbers) > 1],
    }
    (HERE / "crawl.truth.json").write_text(json.dumps(truth) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
