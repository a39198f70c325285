"""Offers what the data would profit from and the goal does not speak of. Nothing is added unless the person says the words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .profile import Table
from .wishes import Scene

MOST = 3
LEAST = 0.005  # a share below it is not worth a word


@dataclass(frozen=True)
class Offer:
    """A fault that a profile finds: how it reads, what to say against it, and which operators answer it already."""

    fault: str
    reads: str
    words: str
    answered: frozenset[str]
    drops: bool = False


OFFERS = (
    Offer("repeats", "are exact repeats", "remove exact duplicates", frozenset({"exact_dedup", "minhash_dedup"}), drops=True),
    Offer("empty", "have no text in {column}", "drop rows with an empty {column}", frozenset({"is_empty", "words", "characters"}), drops=True),
    Offer("tags", "hold HTML tags in {column}", "strip the HTML from {column}", frozenset({"strip_html", "extract_main_text"})),
    Offer("contacts", "hold e-mail addresses or phone numbers in {column}", "mask personal data in {column}", frozenset({"mask_pii"})),
    Offer("broken", "hold broken characters in {column}", "fix the encoding of {column}", frozenset({"fix_unicode"})),
)


def offered(scene: Scene, mains: Iterable[Table], operators: Collection[str]) -> tuple[str, ...]:
    """At most three texts, the most frequent fault first, each with the words to add. Tags in a training pair may be its very subject."""
    seen = [(table, offer, table.faults.get(offer.fault, 0.0)) for table in mains for offer in OFFERS if not (table.shape and offer.fault == "tags")]
    wanted = [one for one in seen if one[2] >= LEAST and not one[1].answered & set(operators) and not (one[1].drops and scene.forbids_drops)]
    found: dict[str, str] = {}
    for table, offer, share in sorted(wanted, key=lambda one: -one[2]):
        column = table.text.name if table.text else ""
        of = f" of {table.name}" if len(scene.tables) > 1 else ""
        found.setdefault(
            offer.fault,
            f"{share:.1%} of the {table.rows:,} rows seen{of} {offer.reads.format(column=column)}: add “{offer.words.format(column=column)}”",
        )
    return tuple(found.values())[:MOST]
