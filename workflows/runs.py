"""The one way a run happens: manifest, engine, books; and a broken one taken up where it broke."""

import logging
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from tools.errors import RecipeError, WinnowError
from tools.names import nearest

from . import manifest as manifests
from . import pace
from .chosen import Chosen, Refused, again
from .claim import claimed, is_held
from .drift import drifts, refuse
from .engine import Result, execute, warm
from .engine import standing as standing_outputs
from .engine.standing import digest_of, is_taken
from .executor import Progress, cores
from .graph import Graph
from .inputs import STDIN
from .manifest import Books, Manifest
from .report import write as write_report
from .report.predicted import known, parsed
from .store import Store, new_run
from .strangers.believed import unvetted
from .telling import story_of
from .trust import POLICY, State

log = logging.getLogger(__name__)
LAST = "last"
ASIDE = "aside"  # where a run folder keeps outputs that are not put in place
Report = Callable[[Progress], None]
Standing = Literal["running", "stopped", "done", "failed"]


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A run that came to its end."""

    folder: Path
    manifest: Manifest
    books: Books


def start(
    store: Store,
    chosen: Chosen,
    *,
    approved_by: str | None,
    name: str | None = None,
    workers: int | None = None,
    overwrite: bool = False,
    command: Sequence[str] = (),
    replays: str | None = None,
    is_aside: bool = False,
    verify: bool = False,
    accept_drift: bool = False,
    cache: Path | None = None,
    progress: Report | None = None,
) -> Finished:
    """Run what was chosen in a new run folder. Raises Refused where nobody approved it, WinnowError where it cannot run.

    `name`: of the run, where it was given before; `is_aside`: the outputs stay within the run folder, whatever the recipe says;
    `verify`: every input byte is read for the manifest; `accept_drift`: go on where steps keep far more or less than was approved;
    `cache`: another place for what is computed than the store's.
    """
    if approved_by is None:
        raise Refused(f"{chosen.name}: nobody approved it; look at it with `winnow preview`, then say yes at the terminal or give --yes")
    run = name or new_run()
    folder = store.runs / run
    graph = _moved(chosen.graph, _aside(chosen.graph, folder)) if is_aside else chosen.graph
    refuse_existing(graph, overwrite)
    warm(graph, workers or cores())
    manifest = Manifest(
        run=run,
        status="running",
        recipe=chosen.title,
        version=chosen.version,
        text=chosen.text,
        lock=chosen.lock.text(),
        lock_digest=chosen.lock.digest,
        operators=chosen.files,
        jail=_tier() if chosen.files else None,
        plan=chosen.plan,
        folder=str(chosen.folder),
        inputs=_where_they_lie(chosen),
        output=chosen.given.output,
        outputs={output.name: output.path for output in graph.outputs},
        overwrite=overwrite,
        files=manifests.fingerprints(graph, store.cache, verify),
        packages=manifests.packages(),
        python=platform.python_version(),
        cpu=manifests.cpu_family(),
        workers=workers or cores(),
        seed=graph.seed,
        command=tuple(command),
        approved_by=approved_by,
        started=manifests.now(),
        replays=replays,
    )
    folder.mkdir(parents=True)
    return _carry_out(store, graph, manifest, cache or store.cache, progress, accept_drift)


def resume(
    store: Store,
    run: str,
    *,
    workers: int | None = None,
    trusted: bool = False,
    overwrite: bool = False,
    accept_drift: bool = False,
    progress: Report | None = None,
) -> Finished:
    """Take up a run that was killed or failed; what is finished is not done again. Raises RecipeError when its input changed.

    A manifest lies in the store and is not believed: the lock must be approved by this user, or the run `trusted` now, and
    what another program wrote to an output since is replaced only with `overwrite`.
    """
    folder = find(store, run)
    manifest = manifests.read(folder)
    if manifest.status == "done":
        raise RecipeError(f"run {manifest.run}: it is done; `winnow replay {manifest.run}` does it again")
    chosen = again(manifest, store.cache)
    believe(manifest, chosen, trusted)
    refuse_changed(manifest, chosen, store.cache, verify=False)
    graph = _moved(chosen.graph, manifest.outputs)
    there = {output.name for output in graph.outputs if is_taken(Path(output.path))}
    renewed = manifest.model_copy(
        update={"status": "running", "message": "", "finished": None, "workers": workers or manifest.workers, "overwrite": overwrite}
    )
    if there and not overwrite:
        return _finish_beside(store, graph, renewed, there, progress, accept_drift)
    return _carry_out(store, graph, renewed, store.cache, progress, accept_drift)


def find(store: Store, run: str) -> Path:
    """The folder of a run named by its id, the beginning of it, or `last`."""
    known = [folder.name for folder in _folders(store)]
    if not known:
        raise RecipeError(f"run {run!r}: there are no runs in {store.runs} yet")
    found = known[-1:] if run == LAST else [name for name in known if name == run] or [name for name in known if run and name.startswith(run)]
    if not found:
        raise RecipeError(f"no run {run!r}{nearest(run, known)}; `winnow runs` lists them")
    if len(found) > 1:
        raise RecipeError(f"run {run!r} may be {', '.join(found[-3:])}; give more of it")
    return store.runs / found[0]


def manifest_of(store: Store, run: str) -> Manifest:
    """The manifest of a run named as for `find`."""
    return manifests.read(find(store, run))


def all_runs(store: Store) -> Iterator[tuple[Manifest, Standing]]:
    """Every run of this store, the newest first; one whose manifest cannot be read is warned of and left out."""
    for folder in reversed(_folders(store)):
        try:
            manifest = manifests.read(folder)
        except RecipeError as error:
            log.warning("%s", error)
            continue
        yield manifest, standing(folder, manifest)


def standing(folder: Path, manifest: Manifest) -> Standing:
    """What the manifest says, but a run that nobody works on has stopped."""
    return "stopped" if manifest.status == "running" and not is_held(folder) else manifest.status


def believe(manifest: Manifest, chosen: Chosen, trusted: bool) -> None:
    """Raises Refused where this user approved no such lock: a manifest may come from a stranger."""
    if (against := unvetted(chosen.lock)) and State().approved_by(chosen.lock.digest) in (None, POLICY):
        raise Refused(f"run {manifest.run}: a person must approve it at the terminal:\n" + "\n".join(f"  {one}" for one in against))
    if not trusted and State().approved_by(chosen.lock.digest) is None:
        raise Refused(
            f"run {manifest.run}: you never approved its recipe {manifest.recipe!r} on this machine; read it in {manifests.NAME}, then give --yes"
        )


def refuse_changed(manifest: Manifest, chosen: Chosen, cache: Path, verify: bool) -> None:
    """Raises RecipeError that names each input file with other bytes than the run had."""
    changes = manifests.changed(manifest.files, manifests.fingerprints(chosen.graph, cache, verify))
    if changes:
        raise RecipeError(f"run {manifest.run}: its input is not what it was:\n" + "\n".join(f"  {line}" for line in changes))


def refuse_existing(graph: Graph, overwrite: bool) -> None:
    """Raises RecipeError where an output is there already: said before anybody is asked and anything is computed."""
    standing_outputs.refuse_existing(graph.outputs, overwrite)


def _folders(store: Store) -> list[Path]:
    """Those with a manifest, the oldest first: their names begin with the time."""
    return sorted(path for path in store.runs.iterdir() if (path / manifests.NAME).exists()) if store.runs.is_dir() else []


def _tier() -> str | None:
    """Of the jail in which operators of strangers run."""
    from . import jailing

    return jailing.proof().tier


def _where_they_lie(chosen: Chosen) -> dict[str, str | list[str]]:
    """Inputs named on the command line; rows from stdin by the file that keeps them, since stdin is read once."""
    files = {given.name: given.files for given in chosen.graph.inputs}
    return {name: files[name][0].path if path == STDIN else path for name, path in chosen.given.inputs.items()}


def _carry_out(store: Store, graph: Graph, manifest: Manifest, cache: Path, progress: Report | None, accept_drift: bool) -> Finished:
    folder = store.runs / manifest.run
    with claimed(folder, *(Path(output.path) for output in graph.outputs)):
        standing_outputs.sweep(graph)
        manifests.write(manifest, folder)
        with _noted(store, manifest, folder):
            look = _Look(manifest, graph, accept_drift)
            result = execute(
                graph,
                folder,
                cache,
                workers=manifest.workers,
                overwrite=manifest.overwrite,
                progress=progress,
                look=look,
                tell_story=partial(story_of, manifest, graph),
            )
        done = _done(store, manifest.model_copy(update={"drift": tuple(look.found)}), folder, Books.model_validate(result))
        _learn(done, cache)
        write_report(folder, done.manifest, graph, cache)
        return done


class _Look:
    """Holds a run to the preview that its recipe was approved with."""

    def __init__(self, manifest: Manifest, graph: Graph, accepts: bool) -> None:
        given = State().approval(manifest.lock_digest)
        self.approved = None if given is None else parsed(given.preview)
        self.run, self.graph, self.accepts, self.found = manifest.run, graph, accepts, list[str]()

    def __call__(self, result: Result) -> None:
        self.found = [] if self.approved is None else drifts(self.approved, self.graph, result.steps)
        if not self.accepts:
            refuse(self.found, f"no output was put in place; `winnow resume {self.run} --accept-drift` goes on all the same")


def _learn(done: Finished, cache: Path) -> None:
    """What the run took, against what was foretold of it."""
    foretold = known(done.folder, done.manifest.lock_digest, done.manifest.files, cache)
    if foretold is not None and done.manifest.replays is None:
        pace.learn(foretold, done.books)


def _done(store: Store, manifest: Manifest, folder: Path, books: Books) -> Finished:
    done = manifest.model_copy(update={"status": "done", "finished": manifests.now(), "result": books})
    manifests.write(done, folder)
    _record(store, done)
    return Finished(folder=folder, manifest=done, books=books)


def _finish_beside(store: Store, graph: Graph, manifest: Manifest, there: set[str], progress: Report | None, accept_drift: bool) -> Finished:
    """The run was cut off while it put its outputs in place, or somebody else wrote there since. Which of the two is seen by
    making them again aside: the same bytes are this run's own."""
    folder = store.runs / manifest.run
    aside = {name: path for name, path in _aside(graph, folder).items() if name in there}
    with claimed(*(Path(output.path) for output in graph.outputs if output.name in there)):
        made = _carry_out(store, _moved(graph, aside), manifest.model_copy(update={"overwrite": True}), store.cache, progress, accept_drift)
        for output in made.books.outputs:
            if output.name in there and digest_of(Path(manifest.outputs[output.name])) != output.digest:
                failed = made.manifest.model_copy(update={"status": "failed", "result": None})
                manifests.write(failed, folder)
                raise RecipeError(
                    f"output {output.name!r}: {manifest.outputs[output.name]!r} exists and is not what this run writes; "
                    f"move it away, or `winnow resume {manifest.run} --overwrite`"
                )
        outputs = tuple(one.model_copy(update={"path": manifest.outputs[one.name]}) for one in made.books.outputs)
        shutil.rmtree(folder / ASIDE)
        done = _done(store, manifest, folder, made.books.model_copy(update={"outputs": outputs}))
        write_report(folder, done.manifest, graph, store.cache)
        return done


def _moved(graph: Graph, paths: Mapping[str, str]) -> Graph:
    """The same graph with some outputs written elsewhere."""
    return replace(graph, outputs=tuple(replace(output, path=paths.get(output.name, output.path)) for output in graph.outputs))


def _aside(graph: Graph, folder: Path) -> dict[str, str]:
    """Another place for each output; those that share a folder share it there too."""
    places: dict[str, str] = {}
    for output in graph.outputs:
        places.setdefault(output.path, str(folder / ASIDE / output.name / Path(output.path).name))
    return {output.name: places[output.path] for output in graph.outputs}


@contextmanager
def _noted(store: Store, manifest: Manifest, folder: Path) -> Iterator[None]:
    """A run that fails says so in its manifest and stays resumable; one that is killed is found stopped."""
    try:
        yield
    except (WinnowError, OSError, MemoryError, KeyboardInterrupt) as error:
        said = str(error) or type(error).__name__
        failed = manifest.model_copy(update={"status": "failed", "message": said, "finished": manifests.now()})
        manifests.write(failed, folder)
        _record(store, failed)
        raise


def _record(store: Store, manifest: Manifest) -> None:
    books = manifest.result
    store.record_run(
        manifest.run,
        manifest.recipe,
        manifest.version,
        manifest.status,
        lock_digest=manifest.lock_digest,
        started=manifest.started,
        seconds=books.seconds if books else None,
        rows_in=books.rows_in if books else None,
        rows_out=books.rows_out if books else None,
    )
