"""`winnow models check`: what lies in a model's folder, and whether it may be loaded."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from winnow import options
from winnow.answer import FAILED

if TYPE_CHECKING:
    from sandbox.models import ModelFiles

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder with config.json, tokenizer.json and *.safetensors.")]


def check(folder: Folder, json: options.AsJson = False) -> None:
    """Look at a model's folder without loading it: its files, its digest, and what stands against it."""
    from sandbox.models import ModelRefused, open_model
    from winnow import render
    from workflows.trust import State

    try:
        found = open_model(folder, remembered=State().room("models"))
    except ModelRefused as error:
        if json:
            render.emit({"status": "refused", "folder": str(folder), "file": error.file, "why": error.why, "mend": error.mend})
        else:
            render.put(f"refused: {error}")
        raise typer.Exit(FAILED) from None
    if json:
        render.emit({"status": "done", **_told(found)})
        return
    render.table(("file", "size", "sha256"), [(one.name, render.size(one.size), one.sha256[:16]) for one in found.files], right=("size",))
    revision = f", revision {found.revision}" if found.revision else ""
    render.put(f"sha256 {found.sha256}{revision}")
    render.put(f"may be loaded: {found.config['model_type']}, {found.values:,} values, {render.size(found.size)}; no code, nothing to fetch")


def _told(found: "ModelFiles") -> dict[str, object]:
    return {
        "folder": str(found.folder),
        "kind": found.config["model_type"],
        "values": found.values,
        "bytes": found.size,
        "revision": found.revision,
        "sha256": found.sha256,
        "files": [{"name": one.name, "bytes": one.size, "sha256": one.sha256} for one in found.files],
    }
