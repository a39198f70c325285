"""The pages whose main text people marked: trafilatura's evaluation set, cut into a half to learn from and a half held out by site."""

import hashlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Marked:
    """A page, strings that its main text holds, and strings that it does not."""

    file: str
    site: str
    html: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    @property
    def is_held_out(self) -> bool:
        return _draw(self.site) % 2 == 1

    @property
    def fold(self) -> int:
        return _draw("f" + self.site) % 5


def pages(place: Path) -> list[Marked]:
    """All pages, those that name no strings among them."""
    import zstandard

    with place.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        rows = [json.loads(line) for line in io.TextIOWrapper(stream, encoding="utf-8")]
    return [Marked(row["file"], _site(row), row["html"], tuple(row["must_contain"] or ()), tuple(row["must_not_contain"] or ())) for row in rows]


@dataclass(frozen=True)
class Score:
    """Strings found and not, as trafilatura's own evaluation counts them; pages that name no wanted string do not count."""

    found: int
    missed: int
    let_in: int
    kept_out: int

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.let_in)

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    @property
    def accuracy(self) -> float:
        return (self.found + self.kept_out) / (self.found + self.missed + self.let_in + self.kept_out)


def score(marked: Sequence[Marked], texts: Sequence[str], *, squeezed: bool) -> Score:
    """`squeezed`: runs of white space count as one blank, in the strings and in the texts."""
    shown = squeeze if squeezed else str
    wanted, unwanted = [0, 0], [0, 0]
    for page, text in zip(marked, texts, strict=True):
        if page.wanted:
            given = shown(text)
            for string in page.wanted:
                wanted[shown(string) in given] += 1
            for string in page.unwanted:
                unwanted[shown(string) in given] += 1
    return Score(wanted[True], wanted[False], unwanted[True], unwanted[False])


def squeeze(text: str) -> str:
    return " ".join(text.split())


def _draw(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def _site(row: dict[str, str]) -> str:
    """The registered name of the host, near enough; pages of one site share it."""
    host = re.match(r"https?://([^/:]+)", row["url"] or "")
    if not host:
        return row["file"] if row["file"].startswith("hard") else row["file"].split(".")[0]
    parts = host[1].lower().split(".")
    return ".".join(parts[-3:] if len(parts) > 2 and len(parts[-2]) <= 3 else parts[-2:])
