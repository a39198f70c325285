"""A run done again by its manifest, and whether the two are the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.errors import RecipeError
from tools.storage import File

from . import manifest as manifests
from .chosen import Refused, again
from .engine.standing import digest_of, files_of
from .inputs import source_for
from .inquiry import kept
from .manifest import Manifest, OutputBooks
from .runs import Finished, Report, believe, find, refuse_changed, start
from .store import Store

BYTES, ROWS = "output bytes", "row digests"


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """How a run and its repetition compare."""

    of: str
    finished: Finished
    compared: str  # `output bytes` or `row digests`
    notes: tuple[str, ...]  # what is not as it was: versions, processor, an output that is gone
    differences: tuple[str, ...]

    @property
    def same(self) -> bool:
        return not self.differences


def replay(
    store: Store,
    run: str,
    *,
    verify: bool = False,
    output: str | None = None,
    workers: int | None = None,
    overwrite: bool = False,
    locked: bool = False,
    trusted: bool = False,
    command: Sequence[str] = (),
    progress: Report | None = None,
) -> Replayed:
    """Do a run again in a new run folder. `verify` reads every input byte and computes everything anew instead of taking it
    from the cache. Raises RecipeError when an input has other bytes, Refused when `locked` and versions differ."""
    folder = find(store, run)
    was = manifests.read(folder)
    if was.status != "done" or was.result is None:
        raise RecipeError(f"run {was.run}: it never came to its end; `winnow resume {was.run}` does that")
    changed = _not_as_it_was(was)
    if locked and changed:
        raise Refused(f"run {was.run}: not what it ran with, and --locked was given:\n" + "\n".join(f"  {note}" for note in changed))
    chosen = again(was, store.cache, output)
    believe(was, chosen, trusted)
    refuse_changed(was, chosen, store.cache, verify)
    store.cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="replay-", dir=store.cache) as fresh:
        finished = start(
            store,
            chosen,
            approved_by=was.approved_by,
            workers=workers or was.workers,
            overwrite=overwrite,
            command=command,
            accept_drift=True,
            replays=was.run,
            is_aside=output is None,
            cache=Path(fresh) if verify else None,
            progress=progress,
        )
    if not changed:
        return Replayed(of=was.run, finished=finished, compared=BYTES, notes=(), differences=tuple(_bytes(was, finished)))
    gone = [
        f"output {one.path} is not as it was written: which rows were kept is compared, not what they hold"
        for one in was.result.outputs
        if not _is_there(one.path, one.digest)
    ]
    differences = (*_kept(folder, finished.folder), *(() if gone else _rows(was, finished)))
    return Replayed(of=was.run, finished=finished, compared=ROWS, notes=(*changed, *gone), differences=differences)


def _not_as_it_was(was: Manifest) -> tuple[str, ...]:
    now = manifests.packages()
    notes = [
        f"{name} {was.packages.get(name, 'absent')} then, {now.get(name, 'absent')} now"
        for name in sorted(was.packages.keys() | now.keys())
        if was.packages.get(name) != now.get(name)
    ]
    if was.cpu != manifests.cpu_family():
        notes.append(f"processor {was.cpu!r} then, {manifests.cpu_family()!r} now")
    return tuple(notes)


def _bytes(was: Manifest, finished: Finished) -> Iterator[str]:
    assert was.result is not None
    now = {one.name: one for one in finished.books.outputs}
    for one in was.result.outputs:
        other = now[one.name]
        if one.digest != other.digest:
            yield f"output {one.name!r}: {one.rows:,} rows, sha256 {one.digest[:12]}… then; {other.rows:,} rows, sha256 {other.digest[:12]}… now"


def _kept(before: Path, after: Path) -> Iterator[str]:
    one, other = kept(before), kept(after)
    if one != other:
        yield f"rows kept: {len(one):,} then, {len(other):,} now, {len(set(one) ^ set(other)):,} in one of the two alone"


def _rows(was: Manifest, finished: Finished) -> Iterator[str]:
    assert was.result is not None
    now = {one.name: one for one in finished.books.outputs}
    for one in was.result.outputs:
        with TemporaryDirectory() as cache:
            sides = (_digests(side, Path(cache)) for side in (one, now[one.name]))
            other = [number for number, (then, since) in enumerate(zip_longest(*sides), 1) if then != since]
        if other:
            yield f"output {one.name!r}: {len(other):,} rows differ, the first is row {other[0]:,}"


def _digests(output: OutputBooks, cache: Path) -> Iterator[bytes]:
    """A digest of each row of an output, in order."""
    from tools.digest import digest

    files = tuple(File(path=str(path), inside=path.name) for path in files_of(output.path, output.part))
    source = source_for(files, None, {})
    shards = source.shards(files, cache)
    schema = source.infer(shards)
    for shard in shards:
        yield from digest(source.load(shard, schema).table.to_struct_array()).to_pylist()


def _is_there(path: str, sha256: str) -> bool:
    try:
        return digest_of(Path(path)) == sha256
    except OSError:
        return False
