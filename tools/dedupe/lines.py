"""Cut lines and paragraphs that stand in other texts too."""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, model_validator

from tools.contract import ANY, DECIDES, Card, Columns, Cut, Desk, Example, Repeats, Types
from tools.measures.url_domain import hosts_of

from .pieces import Pieces, lines, paragraphs
from .shingles import mixed

GROUPS: dict[str, Types] = {"input": {}, "site": {"url": pa.string()}, "group": {"group": ANY}}


class CutPieces(Cut):
    """What line_dedup and paragraph_dedup have in common."""

    seen_at_least: Annotated[int, DECIDES] = Field(
        default=2, ge=1, description="How many texts it must stand in to be cut; 1: repeats within one text go too."
    )
    keep: Annotated[Literal["first", "none"], DECIDES] = Field(
        default="first", description="`first`: where it stands first it stays; `none`: it goes everywhere, as boilerplate."
    )

    @model_validator(mode="after")
    def _leaves_something(self) -> Self:
        if self.keep == "none" and self.seen_at_least < 2:
            raise ValueError("keep='none' with seen_at_least=1 would cut everything: set seen_at_least to 2 or more")
        return self

    def repeats(self) -> Repeats:
        return Repeats(documents=self.seen_at_least, first_stays=self.keep == "first")


class LineDedup(CutPieces):
    """Cut lines that stand in another text too, such as menus and notices; where a line stands first it stays.

    Lines are compared without the white space at their ends, by a hash of 64 bits and their length. A line goes with the line
    break that ends it; blank lines and lines shorter than `shortest` stay. A text of nothing but repeats becomes empty.
    """

    shortest: int = Field(default=20, ge=1, description="Shorter lines are let be.")
    counted_in: Literal["characters", "words"] = Field(default="characters", description="What `shortest` counts.")

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        against={"text": pa.string()},
        exact=True,
        micros_per_row=8.0,
        paper="arXiv:1911.00359, section 3.1",
        aliases=(
            "remove lines that repeat across documents",
            "repeated lines",
            "line-level deduplication",
            "duplicate lines",
            "lines that occur in many documents",
            "boilerplate lines",
            "navigation and cookie notices on every page",
            "headers and footers that repeat",
            "the same line in several texts",
        ),
        not_for=("whole texts that repeat: use exact_dedup or minhash_dedup", "dropping texts that repeat themselves: use duplicate_line_share"),
        examples=(
            Example(
                params={"shortest": 5},
                given={"text": ["Home | About\nOne story.\n", " Home | About\r\nAnother one.\nok\n", "ok\nHome | About"]},
                gives={"text": ["Home | About\nOne story.\n", "Another one.\nok\n", "ok\n"]},
            ),
            Example(
                params={"shortest": 1, "counted_in": "words", "keep": "none"},
                given={"text": ["a b\nc", "d\na b", "d d"]},
                gives={"text": ["c", "d\n", "d d"]},
            ),
            Example(
                params={"shortest": 1, "seen_at_least": 1},
                given={"text": ["la\nla\nend", "la"]},
                gives={"text": ["la\nend", ""]},
            ),
            Example(params={"shortest": 1}, given={"text": ["new\nold"]}, against={"text": ["old"]}, gives={"text": ["new\n"]}),
        ),
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        found = lines(batch.column(0))
        found = found.only(found.sizes > 0)
        found = found.only(long_enough(found, self.shortest, self.counted_in, desk))
        return noted(found, found.sizes)


class RemoveRepeatedLines(Cut):
    """Cut the lines that stand in many texts, wherever they stand: menus, notices, headers and footers of a site.

    Counted are texts, not lines; with `per: site` only texts from the same host, by the address in `url` (texts without one are let
    be), with `per: group` those with the same value of `group`. With `share` a line must also stand in that share of all texts. Lines are
    compared as line_dedup does it.
    """

    seen_at_least: Annotated[int, DECIDES] = Field(default=5, ge=2, description="How many texts a line must stand in to be cut.")
    share: Annotated[float | None, DECIDES] = Field(default=None, gt=0, le=1, description="And in which share of all texts.")
    per: Literal["input", "site", "group"] = Field(default="input", description="Which texts are counted together.")
    shortest: int = Field(default=3, ge=1, description="Lines of fewer characters are let be.")

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=8.0,
        proof="800 pages of the PowerShell reference, by version: 14% of the text goes, on every page as plain Python has it (2026-11-28)",
        paper="arXiv:1911.00359, section 3.1",
        aliases=(
            "remove lines seen in many documents",
            "lines that appear on more than N pages of the same site",
            "site boilerplate",
            "navigation that repeats on every page",
            "template lines",
            "headers and footers on each page",
            "lines on most pages of a domain",
            "boilerplate lines by frequency",
        ),
        not_for=("keeping the first copy of a line: use line_dedup", "lines by what they say: use remove_lines", "whole texts: use exact_dedup"),
        examples=(
            Example(
                params={"seen_at_least": 2},
                given={"text": ["Home\nOne.\n", " Home\r\nTwo.\nok\n", "ok\nok"]},
                gives={"text": ["One.\n", "Two.\nok\n", "ok\nok"]},
            ),
            Example(
                params={"seen_at_least": 2, "per": "site"},
                given={"text": ["Home\na", "Home\nb", "Home\nc"], "url": ["http://x.org/1", "https://www.x.org/2", "http://y.org"]},
                gives={"text": ["a", "b", "Home\nc"]},
            ),
            Example(
                params={"seen_at_least": 2, "share": 0.9}, given={"text": ["Home\na", "Home\nb", "c"]}, gives={"text": ["Home\na", "Home\nb", "c"]}
            ),
        ),
    )

    @model_validator(mode="after")
    def _share_is_of_all(self) -> Self:
        if self.share is not None and self.per != "input":
            raise ValueError(f"share={self.share!r} is one of all texts: with per={self.per!r} say `seen_at_least`")
        return self

    def reads(self) -> Types:
        return {**self.card.reads, **GROUPS[self.per]}

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        found = lines(batch["text"])
        found = found.only(found.characters >= self.shortest)
        if self.per != "input":
            groups = hosts_of(batch["url"]) if self.per == "site" else batch["group"]
            if self.per == "site":  # texts without an address are of no site
                found = found.only(pc.not_equal(groups, "").to_numpy(zero_copy_only=False)[found.row])
            own = desk.digest(groups)
            halves = np.frombuffer(own.buffers()[1], np.uint64)[2 * own.offset :: 2]
            found = replace(found, marks=mixed(found.marks ^ halves[found.row]))
        return noted(found, found.sizes)

    def repeats(self) -> Repeats:
        return Repeats(documents=self.seen_at_least, first_stays=False, share=self.share)


class ParagraphDedup(CutPieces):
    """Cut paragraphs that stand in another text too, such as licences and notices; where one stands first it stays.

    A paragraph is a block of lines that are not blank. Paragraphs are compared line by line, without the white space at the ends
    of lines, by a hash of 64 bits and their length. One goes with the blank lines after it; those shorter than `shortest` stay.
    """

    shortest: int = Field(default=50, ge=1, description="Shorter paragraphs are let be.")
    counted_in: Literal["characters", "words"] = Field(default="characters", description="What `shortest` counts.")

    card: ClassVar[Card] = Card(
        stage="dedupe",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        against={"text": pa.string()},
        exact=True,
        micros_per_row=8.0,
        paper="arXiv:1911.00359, section 3.1",
        aliases=(
            "remove paragraphs that repeat across documents",
            "repeated paragraphs",
            "paragraph-level deduplication",
            "duplicate paragraphs",
            "boilerplate paragraphs",
            "licence texts and disclaimers that repeat",
            "the same paragraph in several texts",
        ),
        not_for=("single lines such as menus: use line_dedup", "passages that repeat in part: use substring_dedup"),
        examples=(
            Example(
                params={"shortest": 5},
                given={"text": ["Read\nthe terms.\n\nOne story.", "Another one.\n\n Read \r\nthe terms.\n\n\nEnd", "the terms."]},
                gives={"text": ["Read\nthe terms.\n\nOne story.", "Another one.\n\nEnd", "the terms."]},
            ),
            Example(
                params={"shortest": 2, "counted_in": "words", "keep": "none"},
                given={"text": ["a b\n\nc", "c\n\na b", "c c c"]},
                gives={"text": ["c", "c\n\n", "c c c"]},
            ),
        ),
    )

    def note(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        found, sizes = paragraphs(lines(batch.column(0)))
        chosen = long_enough(found, self.shortest, self.counted_in, desk)
        return noted(found.only(chosen), sizes[chosen])


def long_enough(found: Pieces, shortest: int, counted_in: str, desk: Desk) -> npt.NDArray[np.bool_]:
    """Which pieces have at least so many characters or words, those between their ends included."""
    counts = found.characters if counted_in == "characters" else desk.scan(found.texts()).words.to_numpy()
    chosen: npt.NDArray[np.bool_] = counts >= shortest
    return chosen


def noted(found: Pieces, sizes: npt.NDArray[np.int64]) -> Columns:
    columns = {name: pa.array(getattr(found, name), pa.int32()) for name in ("row", "start", "stop")}
    return {**columns, "mark": pa.array(found.marks), "check": pa.array(sizes, pa.uint32())}
