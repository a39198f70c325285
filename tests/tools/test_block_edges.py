"""Kernels look at 64 bytes at once: what lies across such an edge, or ends with the buffer, is seen as by the slower path."""

import json
import random

import numpy as np
import pyarrow as pa
import pytest

from tools import heuristics
from tools.dedupe.exact import ExactDedup
from tools.digest import digest
from tools.formats.json_rows import read_rows
from tools.formats.records import Spans, lines_of
from tools.scan import TextScan

EDGES = (0, 1, 2, 30, 31, 61, 62, 63, 64, 65, 126, 127, 128, 129)
MARKS = (
    "", "\n", "\n\n", "\n\n\n", "\r\n", "\r", "\x0b", "\x1c", "\x1f", "\x85", "\u2028", "\u2029", "\u2027", "#", "##", "...", "....", "......",
    "\u2026", "\u2026\u2026", " ... ", "漢字。", "\U0001f600", "é", "\u00a0", "\u3000", " [1] ", "[edit].", ".[citation needed]", "{", ".\n{",
    " JavaScript ", "lorem IPSUM", "Terms of Use", "privacy policy", "USES COOKIES", "use of cookies", "\n- ", "\n\u2022", "...\n", "\u2026\r\n",
    "\"\n", " \n \n", "\t", "-", "\ufffd", "İ", "Ⱥ", "  \u2003 ", "漢", "か\u3000カ", "A1",
)  # fmt: skip
PHRASES = ("javascript", "lorem ipsum", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")


def across() -> list[str]:
    """Each mark at each place about the edges, in words and in one long one, with and without something behind."""
    texts = []
    for mark in MARKS:
        for edge in EDGES:
            words, long = ("ab cde fgh " * 20)[:edge], "x" * edge
            texts += [words + mark, words + mark + "i jkl m.", long + mark + "y", words + mark + mark + "one two three."]
    return texts


def drawn() -> list[str]:
    chosen = random.Random(7)
    pieces = [*MARKS, *PHRASES, "one two three", "four ", "five.", "x" * 40, "é" * 21, "漢" * 13, "a b c d e f. "]
    return ["".join(chosen.choices(pieces, k=chosen.randrange(1, 30))) for _ in range(3000)]


def long_words() -> list[str]:
    sizes = (999, 1000, 1001, 1064, 1100)
    return [before + letter * size + " and more." for before in ("", "one two ", "y" * 63 + " ") for letter in "xé" for size in sizes]


def tight(texts: list[str]) -> pa.Array:
    """An array whose buffer ends where its last text does."""
    data = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, data)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(ends), pa.py_buffer(b"".join(data)))


def both(monkeypatch: pytest.MonkeyPatch, work):
    pytest.importorskip("numba")
    found = []
    for mode in ("on", "off"):
        monkeypatch.setenv("WINNOW_KERNELS", mode)
        found.append(work())
    return found


def counted(texts: pa.Array) -> list[list[list[int]]]:
    made = (heuristics.repeated(texts), heuristics.outline(texts), heuristics.lines(texts), heuristics.kept_by_c4(texts, TextScan(texts)))
    return [counts.tolist() for counts in made]


@pytest.mark.parametrize("texts", [across(), drawn(), long_words()], ids=["across", "drawn", "long words"])
def test_the_filters_count_the_same(monkeypatch, texts):
    fast, slow = both(monkeypatch, lambda: counted(tight(texts)))
    assert fast == slow


@pytest.mark.parametrize("mark", MARKS)
def test_the_filters_count_the_same_at_the_end_of_the_buffer(monkeypatch, mark):
    texts = [("ab cde fgh " * 9)[:edge] + mark for edge in range(0, 99, 3)]
    fast, slow = both(monkeypatch, lambda: [counted(tight([text])) for text in texts])
    assert fast == slow


def test_the_filters_count_the_same_in_a_slice(monkeypatch):
    texts = tight(drawn())
    fast, slow = both(monkeypatch, lambda: counted(texts.slice(5, 900)))
    assert fast == slow


FIELDS = (
    "whitespace", "alphabetic", "digits", "uppercase", "punctuation", "ideographs", "emoji", "words", "characters", "replacements", "lines",
    "paragraphs", "line_hashes", "line_lengths", "line_marks", "paragraph_hashes", "paragraph_lengths", "sentences", "word_hashes", "word_lengths",
)  # fmt: skip


class Desk:
    def digest(self, values: pa.Array) -> pa.Array:
        return digest(values)


def scanned(texts: pa.Array) -> list[list[int]]:
    scan = TextScan(texts)
    return [getattr(scan, name).to_pylist() for name in FIELDS]


def plain_marks(texts: pa.Array) -> list[bytes]:
    return ExactDedup(ignore="case_and_space").note(pa.record_batch({"text": texts}), Desk())["mark"].to_pylist()


@pytest.mark.parametrize("work", [scanned, plain_marks])
def test_characters_and_texts_without_case_and_space_are_the_same(monkeypatch, work):
    points = [point for point in range(0x20000) if not 0xD800 <= point < 0xE000]
    every = ["".join(map(chr, points[start : start + 97])) for start in range(0, len(points), 97)]
    for texts in (tight(across()), tight(drawn()), tight(every), tight(drawn()).slice(5, 900), tight(long_words())):
        fast, slow = both(monkeypatch, lambda texts=texts: work(texts))
        assert fast == slow


@pytest.mark.parametrize("work", [scanned, plain_marks])
def test_they_are_the_same_at_the_end_of_the_buffer(monkeypatch, work):
    texts = [("ab cde  fgh " * 9)[:edge] + mark for mark in MARKS for edge in range(0, 99, 7)]
    fast, slow = both(monkeypatch, lambda: [work(tight([text])) for text in texts])
    assert fast == slow


def read(data: bytes) -> tuple[list[dict], list[tuple[int, str]]]:
    """The rows of JSON lines, and what is none."""
    lines = data.split(b"\n")
    stop = np.cumsum([len(line) + 1 for line in lines]) - 1
    spans = Spans(stop - np.array([*map(len, lines)]), stop, np.arange(len(lines)))
    rows = read_rows(pa.py_buffer(data), spans, pa.schema({"n": pa.int64(), "text": pa.string(), "b": pa.bool_()}))
    return rows.table.to_pylist(), [(one.position, one.reason) for one in rows.refused]


@pytest.mark.parametrize("is_ascii", [True, False])
@pytest.mark.parametrize("texts", [across(), drawn()], ids=["across", "drawn"])
def test_json_is_read_the_same(monkeypatch, texts, is_ascii):
    data = "\n".join(json.dumps({"n": n, "text": text, "b": True}, ensure_ascii=is_ascii) for n, text in enumerate(texts)).encode()
    fast, slow = both(monkeypatch, lambda: read(data))
    assert fast == slow
    assert [row["text"] for row in fast[0]] == texts


@pytest.mark.parametrize("odd", ['\\"', "\\\\", "\\n", "\\u00e9", "\\x", "\\", "\t", "\x1f", '"', "\\ud83d\\ude00", "\\ud83d", "é", "😀"])
def test_json_is_read_the_same_where_doubt_lies_across_an_edge(monkeypatch, odd):
    cut = [f'{{"n": 1, "text": "{"x" * edge}{odd}{rest}' for edge in range(40, 70) for rest in ("", '"', '"}', 'yy"}', "y" * 64 + '"}')]
    fast, slow = both(monkeypatch, lambda: [read(line.encode()) for line in cut])
    assert fast == slow


@pytest.mark.parametrize("end", ["\n", "\r\n", "", "\n\n\n"])
def test_lines_are_found_the_same(monkeypatch, end):
    data = [np.frombuffer(("x" * edge + mark + end).encode(), np.uint8) for edge in EDGES for mark in ("", "\n", "\n\n", "\r\n", "\ny\n" * 70)]

    def found():
        return [(spans.start.tolist(), spans.stop.tolist(), lines) for spans, lines in map(lines_of, data)]

    fast, slow = both(monkeypatch, found)
    assert fast == slow
