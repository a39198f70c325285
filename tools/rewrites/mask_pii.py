"""Put placeholders where personal data stood."""

from typing import ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Card, Columns, Desk, Example, Rewrite

from .pii import find
from .rows import changed

Kind = Literal["email", "phone", "ip", "card", "iban"]
# what a text must hold before it is worth a closer look
SIGNS: dict[Kind, str] = {
    "email": r"@[^\s@]+\.",
    "phone": r"[0-9](?:[^0-9\n]{0,3}[0-9]){5}",
    "ip": r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]|[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]",
    "card": r"[0-9]{4}[ -]?[0-9]{4}[0-9 -]{4}",
    "iban": r"[A-Za-z]{2}[0-9]{2}[ -]?[A-Za-z0-9]{4}",
}


class MaskPii(Rewrite):
    """Mask e-mail addresses, phone numbers, IP addresses, card numbers and IBANs.

    Cards must pass the Luhn checksum and IBANs theirs. A phone number without international prefix, area code or a word
    such as `phone` beside it is left, as are dates, versions, prices, hashes, ISBNs and numbers in web addresses. Names and
    postal addresses are not found: a mask is no proof that a text is anonymous.
    """

    types: tuple[Kind, ...] = Field(default=("email", "phone", "ip", "card", "iban"), min_length=1, description="What to mask.")
    placeholder: str = Field(default="[{type}]", description="What stands instead; {type} becomes EMAIL, PHONE, IP, CARD or IBAN.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=40.0,
        aliases=(
            "mask emails",
            "mask e-mails",
            "mask personal data",
            "anonymise",
            "anonymize",
            "redact phone numbers",
            "remove email addresses",
            "hide phone numbers",
            "mask credit cards",
            "mask IP addresses",
            "scrub personal information",
            "personally identifiable information",
            "PII",
            "GDPR",
            "de-identify",
        ),
        not_for=("drop rows that contain an e-mail", "remove urls", "names of people"),
        examples=(
            Example(
                given={"text": ["Mail ann@example.org or call +1-203-305-2492.", "Version 2.10.3.41, 2024-05-06, $1,234.56"]},
                gives={"text": ["Mail [EMAIL] or call [PHONE].", "Version 2.10.3.41, 2024-05-06, $1,234.56"]},
            ),
            Example(
                params={"types": ("card", "ip", "iban"), "placeholder": "<{type}>"},
                given={"text": ["4111 1111 1111 1111", "from 192.168.0.17", "GB82 WEST 1234 5698 7654 32", "a@b.org"]},
                gives={"text": ["<CARD>", "from <IP>", "<IBAN>", "a@b.org"]},
            ),
        ),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        signs = "|".join(SIGNS[kind] for kind in self.types)
        return {"text": changed(texts, pc.match_substring_regex(texts, signs), self._masked)}

    def _masked(self, text: str) -> str:
        parts, done = [], 0
        for start, stop, kind in find(text, frozenset(self.types)):
            parts += [text[done:start], self.placeholder.replace("{type}", kind.upper())]
            done = stop
        return "".join([*parts, text[done:]])
