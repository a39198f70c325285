"""How many pieces of personal data a text holds."""

from collections.abc import Mapping
from typing import ClassVar, Self

import numpy as np
import pyarrow as pa
from pydantic import Field, model_validator

from tools.contract import Between, Bound, Card, Columns, Desk, Example, Measure, Rule, Types
from tools.pii import FAMILIES, KINDS, Kind, family_of, kinds_of, needs_of, spans_of


class PiiCount(Measure):
    """Count e-mail addresses, phone numbers, cards, identity numbers, passwords and other personal data. `at_most: 0` keeps the texts without.

    It finds what `mask_pii` masks. Beside the sum there is a column for each type, such as `pii_email`; identity numbers of all countries
    share `pii_national_id`.
    """

    types: tuple[Kind, ...] = Field(
        default=KINDS, min_length=1, description="What to count; `national_id` means the identity numbers of all countries."
    )
    countries: tuple[str, ...] = Field(
        default=(), description="Count also what is a valid phone number in these countries (two letters each); needs the extra `pii`."
    )
    at_least: Bound = None
    at_most: Bound = None

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"pii_count": pa.int32(), **{f"pii_{kind}": pa.int32() for kind in FAMILIES}},
        exact=True,
        micros_per_row=10.0,
        aliases=(
            "drop rows with e-mail addresses",
            "drop rows that contain personal data",
            "rows without personal data",
            "count personal data",
            "number of PII items",
            "at most N personal data",
            "rows with phone numbers",
            "texts that hold credit card numbers",
            "drop texts with secrets",
            "texts that leak passwords or API keys",
            "how much personal information",
        ),
        proof="the rows of 1,221 labelled sentences that hold an e-mail address, all and no others (2026-11-28); pages and speed as mask_pii",
        not_for=("putting placeholders there: use mask_pii", "names of people and postal addresses: they need a model"),
        examples=(
            Example(
                params={"types": ("email", "phone", "us_ssn")},
                given={"text": ["a@b.org and c@d.org, SSN 536-90-4399", "nothing"]},
                gives={"pii_count": [3, 0], "pii_email": [2, 0], "pii_phone": [0, 0], "pii_national_id": [1, 0]},
            ),
            Example(
                params={"types": ("email",), "at_most": 0}, given={"text": ["write to a@b.org", "a @ b", ""]}, keeps=(1, 2), drops={0: "pii_count"}
            ),
        ),
    )

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least={self.at_least!r} is above at_most={self.at_most!r}")
        needs_of(self.countries)
        return self

    def adds(self, given: Types) -> Types:
        return {"pii_count": pa.int32(), **{f"pii_{family}": pa.int32() for family in self._families()}}

    def rule(self) -> Rule:
        return () if self.at_least is self.at_most is None else (Between("pii_count", self.at_least, self.at_most),)

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        counts: Mapping[str, list[int]] = {family: [] for family in self._families()}
        for row, _, _, kind in spans_of(texts, kinds_of(self.types), self.countries):
            counts[family_of(kind)].append(row)
        found = {family: np.bincount(np.array(rows, np.int64), minlength=len(texts)).astype(np.int32) for family, rows in counts.items()}
        total = np.sum(list(found.values()), axis=0, dtype=np.int32)
        return {"pii_count": pa.array(total), **{f"pii_{family}": pa.array(column) for family, column in found.items()}}

    def _families(self) -> list[str]:
        named = {family_of(kind) for kind in self.types}
        return [family for family in FAMILIES if family in named]
