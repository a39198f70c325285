"""A Hugging Face data set as a folder: Parquet parts of splits, a card that says how they were made, Croissant metadata."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from tools.contract import Card
from tools.storage import Part
from tools.story import Story

from .parquet import WriteParquet


class WriteHfDataset(WriteParquet):
    """Write a folder that `datasets.load_dataset` reads, its path ending in `/`: Parquet parts of each split, a README.md that tells the
    goal, the steps with their effect, the sources and their licences, and croissant.json. Ports become splits."""

    split: str = Field(default="train", pattern=r"^\w+(\.\w+)*$", description="What rows that come by no port are called.")
    title: str | None = Field(default=None, description="Heading of the card; by default the recipe's name.")
    licence: str | None = Field(default=None, description="Licence of the whole; by default those of the sources.")
    language: tuple[str, ...] = Field(default=(), description="Codes of the languages, as `en`; by default those that a step let pass.")
    tags: tuple[str, ...] = Field(default=(), description="Tags on the card.")
    creator: str | None = Field(default=None, description="Who made it.")
    published: str | None = Field(default=None, pattern=r"^\d{4}-\d\d-\d\d$", description="Date of publication: never taken from the clock.")

    suffixes: ClassVar[tuple[str, ...]] = ()
    part_suffix: ClassVar[str] = ".parquet"
    part_folder: ClassVar[str] = "data"
    only_folder: ClassVar[bool] = True
    card: ClassVar[Card] = Card(
        stage="write",
        exact=True,
        aliases=("hugging face dataset", "huggingface dataset", "dataset card", "croissant", "data card", "for load_dataset", "push to the hub"),
        not_for=("one file: write_parquet",),
        examples=(),
        proof="5,000 rows of alpaca and dolly in three splits, 2026-11-28: datasets 5.2.0 and mlcroissant 1.1.1 read all 2,918 rows kept, the latter "
        "finds no error, and a replay gives the same bytes",
    )

    def stem(self) -> str:
        return self.split

    def describe(self, folder: Path, parts: Mapping[str, Sequence[Part]], schema: pa.Schema, story: Story | None) -> None:
        if story is None:
            return
        from .cards.croissant import NAME, croissant
        from .cards.facts import Facts, languages_of
        from .cards.licences import terms_of
        from .cards.readme import readme

        facts = Facts(
            name=story.place,
            title=self.title or story.recipe,
            splits=parts,
            schema=schema,
            story=story,
            terms=terms_of(story, self.licence),
            languages=self.language or languages_of(story),
            tags=self.tags,
            creator=self.creator,
            published=self.published,
        )
        (folder / "README.md").write_text(readme(facts), encoding="utf-8")
        (folder / NAME).write_text(croissant(facts), encoding="utf-8")
