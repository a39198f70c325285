"""What a card and its metadata say of a data set, whatever form they say it in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from tools.storage import Part
from tools.story import Effect, Story

from .licences import Terms

# what a step that was taken, or not, says about the rows
_TAKEN: Sequence[tuple[tuple[str, ...], str, str]] = (
    (("mask_pii",), "Personal data was masked by `mask_pii`; patterns miss some of it.", "Nothing was done about personal data."),
    (("exact_dedup", "minhash_dedup", "url_dedup", "line_dedup", "paragraph_dedup", "substring_dedup"), "", "Repeated rows were not looked for."),
    (("minhash_dedup",), "", "Rows that are nearly the same were not looked for."),
    (("decontaminate",), "", "The rows were not compared with any evaluation set."),
    (("language",), "", "No step looked at the language of the texts."),
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is told."""

    name: str
    title: str
    splits: Mapping[str, Sequence[Part]]
    schema: pa.Schema
    story: Story
    terms: Terms
    languages: tuple[str, ...]
    tags: tuple[str, ...]
    creator: str | None
    published: str | None

    @property
    def rows(self) -> int:
        return sum(part.rows for parts in self.splits.values() for part in parts)

    @property
    def bytes(self) -> int:
        return sum(part.bytes for parts in self.splits.values() for part in parts)

    @property
    def about(self) -> str:
        """One line on what it is."""
        return self.story.goal or f"Rows made by the recipe {self.story.recipe!r}."

    def limits(self) -> list[str]:
        """What whoever uses the rows should know, each a sentence; it says what no step did as plainly as what one did."""
        taken = {step.operator.partition("@")[0] for step in self.story.steps}
        said = [yes if taken & set(names) else no for names, yes, no in _TAKEN]
        unknown = [source.name for source in self.story.sources if not source.licence and not source.is_reference]
        if unknown:
            said.append(f"The recipe states no licence for {', '.join(map(repr, unknown))}.")
        if self.story.states.get("quarantined"):
            said.append(f"{self.story.states['quarantined']:,} records could not be read or worked on and are left out.")
        drawn = [step.id for step in self.story.steps if step.operator.partition("@")[0] in ("random_sample", "stratified_sample", "balance", "mix")]
        if drawn:
            said.append(f"Rows were drawn at random by {', '.join(map(repr, drawn))} with seed {self.story.seed}.")
        return [one for one in said if one]


def languages_of(story: Story) -> tuple[str, ...]:
    """Languages that a step let pass and no others."""
    for step in story.steps:
        kept = step.params.get("languages") if step.operator.partition("@")[0] == "language" else None
        if isinstance(kept, list | tuple) and kept:
            return tuple(str(one) for one in kept)
    return ()


def slug(text: str) -> str:
    """A name that programs take as a name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", text).strip("_") or "x"


def went(step: Effect) -> str:
    """What became of the rows of a step, in a few words."""
    said = [f"{reason} −{rows:,}" for reason, rows in step.reasons.items() if rows]
    ports = {port: rows for port, rows in step.ports.items() if port not in ("kept", "dropped")}
    said += [f"{port} {rows:,}" for port, rows in ports.items()]
    said += [f"{step.born:,} born"] if step.born else []
    said += [f"{step.changed:,} changed"] if step.changed else []
    said += [f"{step.cut:,} bytes of text cut out"] if step.cut else []
    return "; ".join(said)
