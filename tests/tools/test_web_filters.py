"""The four filters for web text against plain Python written from their published rules, and against what datatrove says of real documents."""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from real_data import rows

from benchmarks.agreement import OURS, is_same, verdicts
from benchmarks.agreement_texts import SOURCES, joined
from tools import tokens
from tools.kernels import compiled
from tools.measures.ngram_shares import CharacterRepetition, DuplicateNgramShare, TopNgramShare, WordRepetition
from tools.rewrites.c4_lines import C4Lines
from tools.scan import TextScan

VERDICTS = json.loads(Path(__file__).with_name("peer_verdicts.json").read_text(encoding="utf-8"))
NASTY = [
    "", "\0", "a\0b c", " \n x  y\r\nz\u2028w\x85q", "שלום עולם!", "😀😀 ok😀", "e\u0301te\u0301 a\u0300", "你好，世界。 再见", "ภาษาไทย ทดสอบ",
    "a.m. (a.m.) :) foo:) ;-)))) and/or,either-and/or", "'' ' '", "http://a.b.co/x-y?z foo@bar.com-x.y 8.8.8.8/foo-bar", "....... … …… a…",
    "((((" * 500, ":(" * 500, "5km 5US$ US$5 +5 5+ °C. 10°F. A$5", "can't cannot don’t it's Its ITS", "\u00a0\u00a0x", "\n\n\n", "a\n\n\nb\n\na\n\nb",
    " a \n\n a \n a", "• x\n- y...\n z…  \n\u2028- q", "a b c [edit].\n\n\nd e f [citation needed]\"\r\n x y z...", "a b.  \"c d. e.\t f.\" 'g!",
    "One two three. [1] Four five.[12]\nUses COOKIES in here now.\nJavaScript is on { now.\nlorem Ipsum it is so. {\n[1] a b c d.",
    "\n x y z? [] no.", "x " * 3000, "\u2029\u2029 a b c.\x1c d e f.\x1e", "x" * (1 << 20), "ab c\n" * 4,
]  # fmt: skip
PUNCTUATION = re.compile(r"[\W_]+")


class Desk:
    def scan(self, texts: pa.Array) -> TextScan:
        return TextScan(texts)


def measured(operator, texts):
    columns = operator.measure(pa.record_batch({"text": texts}), Desk())
    return {name: column.to_pylist() for name, column in columns.items()}


def words_of(text):
    return [token for chunk in text.split() for token in tokens.tokenise(chunk)]


def repeats(pieces):
    seen, count, characters = set(), 0, 0
    for piece in pieces:
        count, characters = (count + 1, characters + len(piece)) if piece in seen else (count, characters)
        seen.add(piece)
    return count / len(pieces), characters


def top(words, n):
    grams = Counter(" ".join(words[at : at + n]) for at in range(len(words) - n + 1))
    return len(grams.most_common(1)[0][0]) * grams.most_common(1)[0][1] if grams else 0


def duplicate(words, n):
    seen, at, characters = set(), 0, 0
    while at + n <= len(words):
        gram = tuple(words[at : at + n])
        characters, at = (characters + sum(map(len, gram)), at + n) if gram in seen else (characters, at + 1)
        seen.add(gram)
    return characters


def gopher_repetition(text):
    words, size = words_of(text), max(len(text), 1)
    paragraphs, lines = repeats(re.split(r"\n{2,}", text.strip())), repeats(re.split(r"\n+", text))
    shares = [paragraphs[0], paragraphs[1] / size, lines[0], lines[1] / size]
    shares += [top(words, n) / size for n in (2, 3, 4)] + [duplicate(words, n) / size for n in range(5, 11)]
    return shares if text else [None] * 13


def gopher_quality(text):
    words, lines = words_of(text), [line.strip() for line in text.splitlines()]
    count, real = max(len(words), 1), [word for word in words if not tokens.marks_of(word) & tokens.ONLY_SYMBOLS]
    stop_words = {"the", "be", "to", "of", "and", "that", "have", "with"}
    return [
        len(real),
        sum(map(len, real)) / max(len(real), 1),
        max(text.count("#"), text.count("...") + text.count("…")) / count,
        sum(line.startswith(("•", "-")) for line in lines) / max(len(lines), 1),
        sum(line.endswith(("...", "…")) for line in lines) / max(len(lines), 1),
        sum(any(map(str.isalpha, word)) for word in words) / count,
        len(stop_words & set(words)),
    ]


def fineweb_quality(text):
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return [None, None, 0.0 if text.replace("\n", "") else None, text.count("\n") / len(words_of(text)) if words_of(text) else None]
    ended = sum(bool(tokens.classes()[ord(line[-1])] & tokens.TERMINAL) for line in lines)
    short = sum(len(line) <= 30 for line in lines)
    again = repeats(lines)[1] / len(text.replace("\n", ""))
    return [ended / len(lines), short / len(lines), again, text.count("\n") / len(words_of(text))]


def c4_quality(text):
    filler, curly, sentences = 0, 0, 0
    for line in map(str.strip, text.splitlines()):
        bare = re.sub(r"\[\d*\]|\[edit\]|\[citation needed\]", "", line)
        is_sentence = bare.endswith((".", "?", "!", '"', "'")) and not bare.endswith("...")
        if not is_sentence or len(line.split()) < 3 or max(map(len, line.split())) > 1000:
            continue
        small = bare.lower()
        filler += "lorem ipsum" in small
        curly += 0 if "javascript" in small else bare.count("{")
        phrases = ("javascript", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")
        sentences += 0 if any(phrase in small for phrase in phrases) else count_sentences(bare)
    return [filler, curly, sentences]


def count_sentences(line):
    """A new one begins with the first token behind `.`, `?` or `!` that is no punctuation; more than one space is a token."""
    count, over = 1, False
    for piece in re.split(r"(\s+)", line):
        for token in ([piece[1:]] if piece[0] == " " else [piece]) if piece.isspace() else tokens.tokenise(piece) if piece else []:
            marks = tokens.marks_of(token) if token and not token.isspace() else 0
            if token and over and not marks & (tokens.ENDS_SENTENCE | tokens.ONLY_MARKS):
                count, over = count + 1, False
            over = over or bool(marks & tokens.ENDS_SENTENCE)
    return count


PLAIN = {"gopher_repetition": gopher_repetition, "gopher_quality": gopher_quality, "c4_quality": c4_quality, "fineweb_quality": fineweb_quality}


@pytest.fixture(scope="module")
def texts():
    real = [
        str(row["text"])
        for name in ("standards_python", "docs_react_en", "laws_de", "docs_react_zh")
        for row in rows(f"raw_text/{name}.jsonl.zst", 5)
    ]
    return [*NASTY, *(text[:8_000] for text in real)]


@pytest.fixture(params=["on", "off"])
def kernels(request, monkeypatch):
    monkeypatch.setenv("WINNOW_KERNELS", request.param)


@pytest.mark.parametrize("name", PLAIN)
def test_the_filters_measure_what_was_published(name, texts, kernels):
    found = measured(OURS[name], pa.array(["cut off", *texts]).slice(1))
    for row, text in enumerate(texts):
        assert [values[row] for values in found.values()] == pytest.approx(PLAIN[name](text)), text[:100]


def test_compiled_tokens_are_the_same(texts, monkeypatch):
    given = pa.array(["cut off", None, *texts], pa.string()).slice(1)
    slow = tokens._scan(given)
    monkeypatch.setenv("WINNOW_KERNELS", "on")
    assert compiled("tokens", 1) is not None
    for one, other in zip(slow, tokens.scan(given.fill_null("")), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize(
    ("chunk", "cut"),
    [
        ("cannot", "can not"), ("(isn't)", "( is n't )"), ("Don’t!", "Do n’t !"), ("Mr.", "Mr."), ("gonna,", "gon na ,"), ("10am", "10 am"),
        ("and/or", "and/or"), ("he/she", "he / she"), ("5G", "5 G"), ("12km/h", "12 km/h"), ("well-known", "well - known"), ("$5", "$ 5"),
        ("www.a-b.com/x-y", "www.a-b.com/x-y"), ("a-b.com-x", "a - b.com - x"), ("me@x-y.org", "me@x-y.org"), ("end.Start", "end . Start"),
        ("wait...what", "wait ... what"), ("fine:)", "fine :)"), ("U.S.", "U.S."), ("USA.", "USA ."), ("3.5%", "3.5 %"), ("x=y", "x = y"),
        ("你好，世界。", "你好，世界 。"), ("1999-2000", "1999 - 2000"), ("C++", "C++"), ("i.e.,", "i.e. ,"),
    ],
)  # fmt: skip
def test_chunks_are_cut_as_the_peer_cuts_them(chunk, cut):
    assert tokens.tokenise(chunk) == cut.split()


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "step"), [("on", 1), ("off", 8)])
def test_real_documents_are_decided_as_by_the_peer(mode, step, monkeypatch):
    monkeypatch.setenv("WINNOW_KERNELS", mode)
    columns = {name: columns for name, columns, _ in SOURCES}
    held = {name: rows(f"{name}.jsonl.zst") for name in {place.partition(":")[0] for place in VERDICTS["verdicts"]}}
    given = [joined(held[name][int(number)], columns[name]) for name, _, number in (place.partition(":") for place in VERDICTS["verdicts"])]
    for said, (place, theirs) in zip(verdicts(given), VERDICTS["verdicts"].items(), strict=True):
        for name, reason in zip(VERDICTS["filters"], theirs, strict=True):
            assert is_same(reason, said[name]) == (True, True), (place, name, reason, said[name])


def test_single_shares_are_those_of_the_composite(texts):
    given = pa.array([text for text in texts if len(text) < 10_000])
    whole = measured(OURS["gopher_repetition"], given)
    for n in (2, 3, 4):
        assert measured(TopNgramShare(n=n), given)["top_ngram_share"] == whole[f"top_{n}_gram_share"]
    for n in range(5, 11):
        assert measured(DuplicateNgramShare(n=n), given)["duplicate_ngram_share"] == whole[f"duplicate_{n}_gram_share"]


def recurring(pieces, n):
    grams = Counter(tuple(pieces[at : at + n]) for at in range(len(pieces) - n + 1))
    return sum(count for count in grams.values() if count > 1) / max(sum(grams.values()), 1)


def test_repetition_counts_every_occurrence(texts):
    found = measured(CharacterRepetition(n=3), pa.array(texts[:-30]))["character_repetition"]
    assert found == pytest.approx([recurring(text, 3) for text in texts[:-30]])
    plain = ["a b a b a", "one two three", "", "x y\nX, y."]
    words = [[PUNCTUATION.sub("", word).lower() for word in text.split()] for text in plain]
    assert measured(WordRepetition(n=2), pa.array(plain))["word_repetition"] == pytest.approx([recurring(pieces, 2) for pieces in words])


def test_c4_lines_are_cleaned_as_c4_cleans_them():
    given = ["Home\nIt is late.[1]\nJavaScript is needed here.\n\n  Why [citation needed] is that so?  ", ""]
    batch = pa.record_batch({"text": pa.array(given)})
    assert C4Lines().rewrite(batch, Desk())["text"].to_pylist() == ["It is late.\nWhy  is that so?", ""]
