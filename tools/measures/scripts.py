"""Which script a text is written in, and how much of it is Chinese, Japanese or Korean."""

from typing import Annotated, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from tools.contract import DECIDES, Between, Bound, Bounded, Card, Columns, Desk, Example, Measure, OneOf, Rule
from tools.digest import offsets_of
from tools.names import nearest

from .shape import quotient, solid

# names of the Unicode property Script that RE2 knows, without Common and Inherited
SCRIPTS = (
    "Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil", "Telugu", "Kannada",
    "Malayalam", "Sinhala", "Thai", "Lao", "Tibetan", "Myanmar", "Georgian", "Armenian", "Ethiopic", "Khmer", "Mongolian", "Han", "Hiragana",
    "Katakana", "Hangul", "Bopomofo", "Cherokee", "Canadian_Aboriginal", "Syriac", "Thaana", "Nko", "Tifinagh", "Vai", "Yi", "Javanese",
    "Balinese", "Sundanese", "Ol_Chiki", "Coptic", "Gothic", "Runic", "Ogham", "Braille", "Cuneiform", "Egyptian_Hieroglyphs", "Tagalog",
    "Meetei_Mayek", "Adlam", "Lisu",
)  # fmt: skip
NONE = "none"
OTHER = len(SCRIPTS)  # no letter, or of a script that is not listed
UNSEEN = 255
CJK = ("Han", "Hiragana", "Katakana", "Hangul", "Bopomofo")
BLOCK_ROWS = 4096


class Script(Measure):
    """Name the script that most letters of a text belong to: `Latin`, `Cyrillic`, `Han`.

    It tells alphabets apart where texts are too short for a language. Names are those of Unicode. Japanese mixes `Han`, `Hiragana`
    and `Katakana`; Korean is `Hangul`. `script_share` is the share among letters and marks of all scripts; a text without any has the
    script `none` and 0. Of equal scripts the more common one counts.
    """

    scripts: Annotated[tuple[str, ...], DECIDES] = Field(default=(), description="Scripts to keep; none: all.")
    share_at_least: Bound = Field(default=None, description="Least share of the letters in the dominant script, from 0 to 1.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"script": pa.string(), "script_share": pa.float64()},
        exact=True,
        micros_per_row=10.0,
        paper="Unicode Standard Annex 24",
        aliases=(
            "script",
            "dominant script",
            "writing system",
            "alphabet",
            "written in Cyrillic",
            "Cyrillic script",
            "Latin script",
            "in Latin letters",
            "Greek letters",
            "Arabic script",
            "Devanagari",
            "mixed scripts",
            "non-Latin texts",
        ),
        not_for=("the language: use language", "a script that runs: code", "share of Chinese characters: use cjk_share"),
        examples=(
            Example(
                given={"text": ["Moscow", "Москва ok", "東京", "12 !", "Αθήνα", "서울"]},
                gives={"script": ["Latin", "Cyrillic", "Han", "none", "Greek", "Hangul"], "script_share": [1.0, 0.75, 1.0, 0.0, 1.0, 1.0]},
            ),
            Example(params={"scripts": ("Cyrillic",)}, given={"text": ["Привет", "Hello"]}, keeps=(0,), drops={1: "script"}),
            Example(params={"share_at_least": 0.9}, given={"text": ["Hello", "да yes"]}, keeps=(0,), drops={1: "script_share"}),
        ),
    )

    @field_validator("scripts")
    @classmethod
    def _known(cls, scripts: tuple[str, ...]) -> tuple[str, ...]:
        for name in scripts:
            if name not in SCRIPTS and name != NONE:
                raise ValueError(f"no script {name!r}{nearest(name, SCRIPTS)}; names are those of Unicode, such as 'Latin' or 'Han'")
        return scripts

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        counts = script_counts(batch["text"])
        most, whole = counts.argmax(axis=1), counts.sum(axis=1)
        names = pa.array((*SCRIPTS, NONE)).take(pa.array(np.where(whole > 0, most, OTHER)))
        share = counts[np.arange(len(counts)), most] / np.maximum(whole, 1)
        return {"script": names, "script_share": pa.array(share, pa.float64())}

    def rule(self) -> Rule:
        wanted = (OneOf("script", self.scripts),) if self.scripts else ()
        pure = (Between("script_share", at_least=self.share_at_least),) if self.share_at_least is not None else ()
        return (*wanted, *pure)


class CjkShare(Bounded):
    """The share of Chinese, Japanese and Korean characters among those that are no white space.

    Han, Hiragana, Katakana, Hangul and Bopomofo count, punctuation does not. A text without characters has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"cjk_share": pa.float64()},
        exact=True,
        micros_per_row=10.0,
        aliases=(
            "cjk share",
            "cjk characters",
            "characters are chinese japanese or korean",
            "characters are cjk",
            "share of chinese characters",
            "percentage of cjk characters",
            "chinese characters",
            "asian characters",
            "hanzi and kana",
            "kanji",
        ),
        not_for=("the language: use language", "convert chinese", "the dominant script: use script"),
        examples=(
            Example(given={"text": ["数据 ok", "서울。", "", "ok"]}, gives={"cjk_share": [0.5, 2 / 3, 0.0, 0.0]}),
            Example(params={"at_least": 0.5}, given={"text": ["今日は rain", "rain 雨"]}, keeps=(), drops={0: "cjk_share", 1: "cjk_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        counts = script_counts(batch["text"])
        found = counts[:, [SCRIPTS.index(name) for name in CJK]].sum(axis=1, dtype=np.int32)
        return {"cjk_share": quotient(pa.array(found), solid(desk.scan(batch["text"])))}


def script_counts(texts: pa.Array) -> npt.NDArray[np.int64]:
    """How many letters and marks of each script a text has; one row a text, one column for each of SCRIPTS."""
    blocks = [_counts(texts.slice(start, BLOCK_ROWS)) for start in range(0, len(texts), BLOCK_ROWS)]
    return np.concatenate(blocks) if blocks else np.zeros((0, OTHER), np.int64)


def _counts(texts: pa.Array) -> npt.NDArray[np.int64]:
    offsets = offsets_of(texts)
    data = texts.buffers()[2]
    piece = data[offsets[0] : offsets[-1]].to_pybytes() if data is not None else b""
    codes = np.frombuffer(piece.decode().encode("utf-32-le"), np.uint32)
    rows = np.repeat(np.arange(len(texts)), pc.utf8_length(texts).to_numpy())
    width = OTHER + 1
    return np.bincount(rows * width + _scripts_of(codes), minlength=len(texts) * width).reshape(len(texts), width)[:, :OTHER]


_SCRIPT_OF = np.full(0x110000, UNSEEN, np.uint8)  # filled for characters as they are met


def _scripts_of(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    scripts = _SCRIPT_OF[codes]
    unseen = scripts == UNSEEN
    if unseen.any():
        fresh = np.unique(codes[unseen])
        characters = pa.array([chr(code) for code in fresh.tolist()])
        found = np.full(len(fresh), OTHER, np.uint8)
        letters = pc.match_substring_regex(characters, r"[\p{L}\p{M}]")
        for number, name in enumerate(SCRIPTS):
            found[pc.and_(letters, pc.match_substring_regex(characters, rf"\p{{{name}}}")).to_numpy(zero_copy_only=False)] = number
        _SCRIPT_OF[fresh] = found
        scripts = _SCRIPT_OF[codes]
    return scripts
