"""The files that the operators of a recipe stand in: kept with a version or a run, else beneath the recipe's folder."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import RecipeError
from tools.names import nearest

from ..graph import Graph
from .file import File, called, from_bytes, is_file, read_beneath

if TYPE_CHECKING:
    from .strange import Strange


class Shelf:
    """`kept`: the text of each file by the name that the recipe calls it by; None: they are read where the recipe lies."""

    def __init__(self, folder: Path, kept: Mapping[str, str] | None = None) -> None:
        self.folder, self.kept = folder, kept

    def file(self, place: str) -> File:
        """Raises RecipeError where there is none, or none that may be read."""
        if self.kept is None:
            return read_beneath(self.folder, place)
        if place not in self.kept:
            raise RecipeError(f"operator file {place!r} was not kept with this recipe{nearest(place, self.kept)}; save the recipe again")
        return from_bytes(self.kept[place].encode(), place)

    def texts(self, ops: Iterable[str]) -> dict[str, str]:
        """The text of each file that one of these operators stands in. Raises RecipeError."""
        return {meant.place: self.file(meant.place).text for op in ops if (meant := called(op)) is not None}

    def operator(self, op: str) -> "type[Strange]":
        """The operator that a step names by its file. Raises RecipeError."""
        from .. import jailing
        from .proxy import operator_class

        meant = called(op)
        assert meant is not None
        if refusal := jailing.refusal():
            raise RecipeError(f"operator {op!r} is in a file of a stranger, and {refusal}; `winnow doctor` shows what was tried")
        made = operator_class(self.file(meant.place), meant.name)
        if meant.version and meant.version != str(made.card.version):
            raise RecipeError(f"operator {op!r}: the file holds version {made.card.version}; write {f'{meant}@{made.card.version}'!r}")
        return made


def files_of(graph: Graph) -> dict[str, str]:
    """The text of each file that a step's operator stands in, by its name."""
    nodes = [node for node in graph.nodes if is_file(node.op)]
    if not nodes:
        return {}
    from .strange import Strange

    found = [node.operator.stranger.file for node in nodes if isinstance(node.operator, Strange)]
    return {file.place: file.text for file in found}
