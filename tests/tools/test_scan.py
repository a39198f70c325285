"""The scan agrees with slow, plain counting, whatever the text and however it is cut."""

import unicodedata

import pyarrow as pa
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.characters import EMOJIS, IDEOGRAPHS
from tools.scan import BULLET, SENTENCE, TRAILS_OFF, TextScan

ALPHABET = st.one_of(st.characters(codec="utf-8"), st.sampled_from(" \n\r\t\v\x1c\x85\u2028\u3000ab.!?。，…'\"日本ひカー𠀀éÜß1٣•-\ufffd😀❤»)"))
TEXTS = st.lists(st.text(ALPHABET, max_size=30), max_size=6)
FIELDS = [
    "bytes",
    "characters",
    "words",
    "lines",
    "paragraphs",
    "sentences",
    "alphabetic",
    "digits",
    "uppercase",
    "whitespace",
    "punctuation",
    "word_hashes",
    "line_hashes",
    "paragraph_hashes",
    "ideographs",
    "emoji",
    "replacements",
    "word_lengths",
    "line_lengths",
    "line_marks",
    "paragraph_lengths",
]


def lies_in(character: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= ord(character) <= high for low, high in ranges)


def is_ideograph(character: str) -> bool:
    return lies_in(character, IDEOGRAPHS)


def words_of(text: str) -> list[str]:
    return "".join(f" {character} " if is_ideograph(character) else character for character in text).split()


def lines_of(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def paragraphs_of(text: str) -> list[str]:
    blocks: list[list[str]] = [[]]
    for line in lines_of(text):
        if line.strip():
            blocks[-1].append(line.strip())
        else:
            blocks.append([])
    return ["\n".join(block) for block in blocks if block]


def bare(word: str) -> str:
    folded = word
    while folded and unicodedata.category(folded[0])[0] in "PS":
        folded = folded[1:]
    while folded and unicodedata.category(folded[-1])[0] in "PS":
        folded = folded[:-1]
    return (folded or word).casefold()


def of_category(text: str, *categories: str) -> int:
    return sum(unicodedata.category(character).startswith(categories) for character in text)


def hashed(pieces: list[str]) -> list[int]:
    return [xxhash.xxh3_64_intdigest(piece.encode()) for piece in pieces]


@given(TEXTS)
def test_counts_agree_with_plain_counting(texts: list[str]) -> None:
    scan = TextScan(pa.array(texts, pa.string()))
    assert scan.bytes.to_pylist() == [len(text.encode()) for text in texts]
    assert scan.characters.to_pylist() == [len(text) for text in texts]
    assert scan.words.to_pylist() == [len(words_of(text)) for text in texts]
    assert scan.lines.to_pylist() == [len(lines_of(text)) for text in texts]
    assert scan.paragraphs.to_pylist() == [len(paragraphs_of(text)) for text in texts]
    assert scan.whitespace.to_pylist() == [sum(character.isspace() for character in text) for text in texts]
    assert scan.alphabetic.to_pylist() == [of_category(text, "L") for text in texts]
    assert scan.digits.to_pylist() == [of_category(text, "Nd") for text in texts]
    assert scan.uppercase.to_pylist() == [of_category(text, "Lu") for text in texts]
    assert scan.punctuation.to_pylist() == [of_category(text, "P", "S") for text in texts]


def marks_of(line: str) -> int:
    bare = line.rstrip("\"'”’»)]」』")
    ends = line[-1] in '"”»」』' or (bare != "" and bare[-1] in ".!?…。！？｡؟۔।॥։።")
    return BULLET * line.startswith(("•", "-")) + TRAILS_OFF * line.endswith(("...", "…")) + SENTENCE * ends


@given(TEXTS)
def test_lengths_and_marks_agree_with_plain_counting(texts: list[str]) -> None:
    scan = TextScan(pa.array(texts, pa.string()))
    filled = [[line.strip() for line in lines_of(text) if line.strip()] for text in texts]
    assert scan.word_lengths.to_pylist() == [[len(word) for word in words_of(text)] for text in texts]
    assert scan.line_lengths.to_pylist() == [[len(line) for line in lines] for lines in filled]
    assert scan.line_marks.to_pylist() == [[marks_of(line) for line in lines] for lines in filled]
    assert scan.paragraph_lengths.to_pylist() == [[len(block) for block in paragraphs_of(text)] for text in texts]
    assert scan.ideographs.to_pylist() == [sum(is_ideograph(character) for character in text) for text in texts]
    assert scan.emoji.to_pylist() == [sum(lies_in(character, EMOJIS) for character in text) for text in texts]
    assert scan.replacements.to_pylist() == [text.count("\ufffd") for text in texts]


def test_each_part_of_a_joined_emoji_counts() -> None:
    assert TextScan(pa.array(["👩‍👩‍👧 ❤️ 🇩🇪 👍🏽", "→ ✓ 1️⃣ ©"])).emoji.to_pylist() == [8, 0]


@given(TEXTS)
def test_hashes_are_of_what_is_counted(texts: list[str]) -> None:
    scan = TextScan(pa.array(texts, pa.string()))
    assert [len(found) for found in scan.word_hashes.to_pylist()] == scan.words.to_pylist()
    assert scan.line_hashes.to_pylist() == [hashed([line.strip() for line in lines_of(text) if line.strip()]) for text in texts]
    assert scan.paragraph_hashes.to_pylist() == [hashed(paragraphs_of(text)) for text in texts]


@pytest.mark.parametrize("text", ["The cat's \"hat\" — (DON'T)!", "a --- b", "Straße ÉTÉ", "我喜欢 NLP。", "# # #"])
def test_words_are_hashed_case_folded_and_bare(text: str) -> None:
    assert TextScan(pa.array([text])).word_hashes.to_pylist() == [hashed([bare(word) for word in words_of(text)])]


@settings(max_examples=30)
@given(TEXTS, st.integers(0, 6))
def test_a_cut_column_gives_the_same(texts: list[str], cut: int) -> None:
    whole = pa.array(texts, pa.string())
    left, right = whole.slice(0, cut), whole.slice(cut)
    for field in FIELDS:
        assert getattr(TextScan(left), field).to_pylist() + getattr(TextScan(right), field).to_pylist() == getattr(TextScan(whole), field).to_pylist()
        assert getattr(TextScan(pa.chunked_array([left, right], pa.string())), field).equals(getattr(TextScan(whole), field))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", 0),
        (" ", 0),
        ("One.", 1),
        ("One. Two", 2),
        ('He said "no!" Then left.', 2),
        ("3.5 apples", 1),
        ("天气很好。我们走吧！", 2),
        ("Wait... what?", 2),
    ],
)
def test_sentences_end_where_a_reader_would_say(text: str, sentences: int) -> None:
    assert TextScan(pa.array([text])).sentences.to_pylist() == [sentences]


@pytest.mark.parametrize("field", FIELDS)
def test_null_and_no_text_keep_their_types(field: str) -> None:
    element = {"hashes": pa.uint64(), "lengths": pa.int32(), "marks": pa.uint8()}.get(field.partition("_")[2])
    wanted = pa.list_(element) if element else pa.int32()
    some = getattr(TextScan(pa.array(["a", None, ""])), field)
    assert (some.type, some.null_count, some[1].as_py()) == (wanted, 1, None)
    for empty in (pa.array([], pa.string()), pa.chunked_array([], pa.string()), pa.array([None], pa.string()).slice(1)):
        assert (getattr(TextScan(empty), field).type, len(getattr(TextScan(empty), field))) == (wanted, 0)


def test_blocks_of_any_size_are_joined_without_a_seam() -> None:
    texts = ["word é " * 400_000, "", "two words", "日本 " * 900_000, "x"]
    assert TextScan(pa.array(texts)).words.to_pylist() == [800_000, 0, 2, 1_800_000, 1]


def test_large_and_view_strings_are_scanned_too() -> None:
    for kind in (pa.large_string(), pa.string_view()):
        assert TextScan(pa.array(["a b", None], kind)).words.to_pylist() == [2, None]
