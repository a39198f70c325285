"""The report beside the run: written when a run ends, and again whenever it is asked for."""

import logging
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from tools.errors import WinnowError

from .. import manifest as manifests
from ..chosen import again
from ..graph import Graph
from ..manifest import Manifest, replace_file
from .facts import Facts, gather

log = logging.getLogger(__name__)
NAME = "report.html"


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report that was written."""

    path: Path
    facts: Facts


def write(run: Path, manifest: Manifest, graph: Graph, cache: Path) -> None:
    """At the end of a run, which is done whether or not its report can be written: then a warning says why."""
    try:
        _put(run, gather(run, manifest, cache, graph, quick=True))
    except (WinnowError, OSError, pa.ArrowException) as error:
        log.warning("run %s: no report: %s; `winnow report %s` tries again", manifest.run, error, manifest.run)


def make(run: Path, cache: Path) -> Report:
    """Write it anew, with all its examples. Raises RecipeError where the folder is no run."""
    manifest = manifests.read(run)
    graph, note = _graph(manifest, cache)
    facts = gather(run, manifest, cache, graph, quick=False, note=note)
    return Report(path=_put(run, facts), facts=facts)


def _graph(manifest: Manifest, cache: Path) -> tuple[Graph | None, str]:
    """The graph of the run where the rows it read are still there, else why their texts cannot be shown."""
    try:
        graph = again(manifest, cache).graph
        changes = manifests.changed(manifest.files, manifests.fingerprints(graph, cache))
    except (WinnowError, OSError) as error:
        return None, f"The texts of these rows cannot be shown any more: {error}"
    return (None, "The texts of these rows cannot be shown any more: " + "; ".join(changes)) if changes else (graph, "")


def _put(run: Path, facts: Facts) -> Path:
    from .page import page

    replace_file(run / NAME, page(facts).encode("utf-8", "backslashreplace"))
    return run / NAME
