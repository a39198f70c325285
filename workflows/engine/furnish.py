"""Folders of parts made whole: outputs that share one come together, the sink adds what describes them, a manifest lists it all."""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from tools.story import Story

from ..graph import Output
from .joining import Staged
from .standing import write_manifest


def furnish(outputs: Sequence[Output], staged: Mapping[str, Staged], story: Story | None) -> dict[str, Staged]:
    """The outputs that are parts of folders, each with its folder and the digest of all that is in it."""
    found: dict[str, Staged] = {}
    for path in dict.fromkeys(output.path for output in outputs):
        shared = [output for output in outputs if output.path == path]
        folder = staged[shared[0].name].path
        for output in shared[1:]:
            _merge(staged[output.name], folder)
        parts = {output.part: staged[output.name].parts for output in shared}
        shared[0].sink.describe(folder, parts, _schema(shared, staged), _of(shared, story))
        digest = write_manifest(folder, [part for some in parts.values() for part in some])
        found |= {output.name: replace(staged[output.name], path=folder, digest=digest) for output in shared}
    return found


def _merge(staged: Staged, folder: Path) -> None:
    for part in staged.parts:
        os.replace(staged.path / part.path, folder / part.path)
    shutil.rmtree(staged.path)


def _schema(outputs: Sequence[Output], staged: Mapping[str, Staged]) -> pa.Schema:
    """The columns of all parts: one that only some have comes last."""
    schemas = [staged[output.name].schema or output.schema for output in outputs]
    return max(schemas, key=len)


def _of(outputs: Sequence[Output], story: Story | None) -> Story | None:
    """The story as far as this folder is concerned: outputs are called as their parts are."""
    if story is None:
        return None
    names = {output.name: output.part for output in outputs}
    kept = [{names[name]: rows for name, rows in one.kept.items() if name in names} for one in story.sources]
    sources = tuple(replace(one, kept=mine) for one, mine in zip(story.sources, kept, strict=True))
    rows = sum(sum(one.kept.values()) for one in sources)
    return replace(story, sources=sources, rows_out=rows, place=Path(outputs[0].path).name)
