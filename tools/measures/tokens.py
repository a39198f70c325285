"""How many tokens a text has: counted by a tokenizer, or estimated without one."""

from typing import ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.contract import Bounded, Card, Columns, Desk, Example
from tools.tokenizers import BYTES, ROWS_AT_ONCE, must_be_unchanged, tokenizer, with_digest

# fitted to a byte-level BPE of 32,000 pieces on 4,787 texts: prose of twelve languages, news, reviews, manuals, laws, code
WORD, SOLID, MARK, DIGIT, FURTHER_BYTE = 0.34, 0.22, 0.38, 0.88, 0.20


class Tokens(Bounded):
    """Count the tokens that a tokenizer cuts a text into, without those that it adds around it.

    The tokenizer is a `tokenizer.json` of the library tokenizers, as models come with, or `bytes` for models that read bytes. The digest
    of the file is kept in `digest`: where the file has changed since, a recipe that names the digest stops and says so.
    """

    tokenizer: str = Field(min_length=1, description="Path of a tokenizer.json, or `bytes`.")
    digest: str = Field(default="", description="Hex sha256 of that file; filled in.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"tokens": pa.int32()},
        exact=True,
        needs="tokenizers",
        micros_per_row=300.0,
        aliases=(
            "tokens by a tokenizer",
            "count tokens exactly",
            "tokenizer.json",
            "tokens of the model",
            "number of tokens with this tokenizer",
            "fits the context window",
        ),
        not_for=("tokens without a tokenizer: use tokens_estimate", "tokens of all rows together: use token_budget", "words: use words"),
        examples=(
            Example(params={"tokenizer": BYTES, "at_most": 3}, given={"text": ["four", "né", ""]}, keeps=(1, 2), drops={0: "tokens"}),
            Example(params={"tokenizer": BYTES}, given={"text": ["four", "né", ""]}, gives={"tokens": [4, 3, 0]}),
        ),
    )

    @model_validator(mode="before")
    @classmethod
    def _with_digest(cls, given: object) -> object:
        return with_digest(given)

    @model_validator(mode="after")
    def _is_unchanged(self) -> Self:
        must_be_unchanged(self.tokenizer, self.digest)
        return self

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        if self.tokenizer == BYTES:
            return {"tokens": desk.scan(texts).bytes}
        cutter, found = tokenizer(self.tokenizer, self.digest), list[int]()
        for start in range(0, len(texts), ROWS_AT_ONCE):
            encoded = cutter.encode_batch_fast(texts.slice(start, ROWS_AT_ONCE).to_pylist(), add_special_tokens=False)
            found += [len(one) for one in encoded]
        return {"tokens": pa.array(found, pa.int32())}


class TokensEstimate(Bounded):
    """Estimate how many tokens a model would cut a text into, from its words, letters, digits, marks and bytes; it needs no tokenizer.

    The weights were fitted to one byte-level tokenizer of 32,000 pieces. Over collections of English, German, Chinese, Russian, Thai, Hindi
    and code the sum lies between 0.8 and 1.1 times what it counted; for one text, or another tokenizer, it may be further off.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"tokens_estimate": pa.int32()},
        exact=True,
        micros_per_row=12.0,
        aliases=(
            "number of tokens",
            "at least N tokens",
            "at most N tokens",
            "estimated tokens",
            "approximate tokens",
            "token count",
            "fewer than N tokens",
            "roughly N tokens",
            "tokens without a tokenizer",
        ),
        not_for=("tokens of all rows together: use token_budget", "cut a text to N tokens: use chunk", "exact tokens: use tokens"),
        examples=(
            Example(given={"text": ["It rained all day.", "", "1999", "数据"]}, gives={"tokens_estimate": [5, 0, 4, 2]}),
            Example(params={"at_least": 5}, given={"text": ["Rain", "It rained and rained and rained."]}, keeps=(1,)),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        spaces, marks, digits, characters = (
            one.to_numpy().astype(np.float64) for one in (scan.whitespace, scan.punctuation, scan.digits, scan.characters)
        )
        plain = characters - spaces - marks - digits
        further = scan.bytes.to_numpy() - characters
        guess = WORD * scan.words.to_numpy() + SOLID * plain + MARK * marks + DIGIT * digits + FURTHER_BYTE * further
        return {"tokens_estimate": pc.cast(pa.array(np.ceil(np.round(guess, 6))), pa.int32())}
