"""Bring characters that can be written in several ways into one."""

from typing import ClassVar, Literal
from unicodedata import normalize

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Card, Columns, Desk, Example, Rewrite

from .rows import changed

NOT_ASCII = r"[^\x00-\x7f]"


class NormaliseUnicode(Rewrite):
    """Bring text into a Unicode normal form, so that what looks alike is alike: `e` with a combining accent becomes `é`.

    NFC composes and changes no meaning. NFKC also makes full-width letters, ligatures, superscripts and circled digits plain:
    good for search and for comparing, but `x²` becomes `x2`. NFD and NFKD take accents apart.
    """

    form: Literal["NFC", "NFKC", "NFD", "NFKD"] = Field(default="NFC", description="Unicode normal form.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=6.0,
        paper="Unicode Standard Annex #15",
        aliases=(
            "unicode normal form",
            "normalise to NFC",
            "normalize to NFC",
            "NFC",
            "NFKC",
            "compose accents",
            "combining accents",
            "full-width letters",
            "full width characters",
            "ligatures",
            "compatibility characters",
            "canonical form",
        ),
        not_for=("mojibake or wrong encoding: use fix_unicode", "white space: use normalise_whitespace", "lower case: use derive"),
        examples=(
            Example(given={"text": ["e\u0301", "\ufb01", "plain"]}, gives={"text": ["\u00e9", "\ufb01", "plain"]}),
            Example(params={"form": "NFKC"}, given={"text": ["\ufb01 \uff21 \u00b2", ""]}, gives={"text": ["fi A 2", ""]}),
        ),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        # text by text: Python sees at a glance what is normal already, Arrow makes all of it anew
        return {"text": changed(texts, pc.match_substring_regex(texts, NOT_ASCII), lambda text: normalize(self.form, text))}
