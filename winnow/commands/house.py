"""Keeping house: `init`, `doctor`, `gc`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from winnow import options
from winnow.answer import FAILED

ROOMS = ("winnow", "agents", "workflows", "tools", "sandbox")
Most = Annotated[
    str | None, typer.Option("--most", metavar="SIZE", help="The cache's oldest files go until it takes no more than this, as in 500MB or 2GB.")
]
Keep = Annotated[int | None, typer.Option("--keep", min=0, metavar="N", help="Runs go but for the newest N.")]
OlderThan = Annotated[
    str | None, typer.Option("--older-than", metavar="TIME", help="Runs go that began before this, as in 12h, 30d or 8w; with --keep, those of both.")
]
Delete = Annotated[bool, typer.Option("--yes", "-y", help="Delete; without it only what would go is shown.")]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: winnow init")(init)
    app.command(epilog="Example: winnow doctor")(doctor)
    app.command(epilog="Example: winnow gc --most 2GB --keep 20 --yes")(gc)


def init(json: options.AsJson = False) -> None:
    """Make a store in this folder.

    Recipes and runs of all folders beneath are then kept here.
    """
    from winnow import render
    from workflows.store import FOLDER, IGNORED

    place = Path.cwd() / FOLDER
    is_new = not place.is_dir()
    place.mkdir(exist_ok=True)
    ignored = place / ".gitignore"
    if not ignored.exists():
        ignored.write_text(IGNORED, encoding="utf-8")
    if json:
        render.emit({"status": "done", "store": str(place), "new": is_new})
        return
    render.put(f"{'made' if is_new else 'there already:'} {place}")
    render.say("Next: winnow prepare 'GOAL' --input FILE --output FILE, then commit .winnow/recipes to git")


def doctor(json: options.AsJson = False) -> None:
    """Check this installation.

    Versions, names, cores, memory, disk, folders; exit code 1 when something must be mended.
    """
    from winnow import render

    findings = list(_findings())
    if json:
        render.emit([{"name": name, "value": value, "ok": ok, "mend": mend} for name, value, ok, mend in findings])
    else:
        rows = [("ok" if ok else "MEND", name, value, "" if ok else mend) for name, value, ok, mend in findings]
        render.table(("", "what", "found", "mend"), rows)
    if not all(ok for _, _, ok, _ in findings):
        raise typer.Exit(FAILED)


def gc(most: Most = None, keep: Keep = None, older_than: OlderThan = None, yes: Delete = False, json: options.AsJson = False) -> None:
    """Show what the store takes, cap its cache, let old runs go.

    Nothing is deleted without --yes. Recipes, approvals and outputs never are; a run goes with its ledger and report.
    """
    from datetime import UTC, datetime, timedelta

    from winnow import render, review
    from workflows import upkeep

    store = review.open_store()
    before = None if older_than is None else datetime.now(UTC) - timedelta(seconds=options.seconds_of("--older-than", older_than))
    old = upkeep.Old(going={}, staying={}) if keep is None and before is None else upkeep.old_runs(store, keep, before)
    if yes:
        upkeep.let_go(store, old.going)
    freed = sum(old.going.values()) + (0 if most is None else upkeep.cap(store, options.size_of("--most", most), dry=not yes))
    parts = upkeep.sizes(store)
    if json:
        render.emit({"status": "done", "parts": parts, "runs": old.going, "staying": old.staying, "freed": freed if yes else 0, "would_free": freed})
        return
    render.table(("part", "takes"), [(name, render.size(taken)) for name, taken in parts.items()], right=("takes",))
    for run, taken in old.going.items():
        render.put(f"run {run}  {'deleted' if yes else 'would go'}  {render.size(taken)}")
    for run, why in old.staying.items():
        render.put(f"run {run}  stays: {why}")
    if yes:
        render.put(f"freed {render.size(freed)}")
    elif freed:
        render.say(f"nothing was deleted; --yes would free {render.size(freed)}")


Finding = tuple[str, str, bool, str]


def _findings() -> Iterator[Finding]:
    yield from _versions()
    yield from _kernels()
    yield from _jail()
    yield from _models()
    yield from _rooms()
    yield from _machine()
    yield from _folders()


def _kernels() -> Iterator[Finding]:
    from tools.kernels import condition

    found, is_well = condition()
    yield "compiled kernels", found, is_well, "the slower path gives the same; to try again: python -m tools.kernels"


def _jail() -> Iterator[Finding]:
    """Attacks it now, whatever was found before."""
    from sandbox.layers import TIERS
    from sandbox.tiers import prove

    found = prove()
    mends = "; ".join(found.missing.values())
    if found.tier is None:
        tried = [f"{attack}: {ended}" for ends in found.attacks.values() for attack, ended in ends.items() if not ended.startswith("stopped")]
        yield "jail", f"none: code of strangers does not run here ({'; '.join(tried) or 'layers are missing'})", True, mends
        return
    layers = " + ".join(layer.value for layer in sorted(TIERS[found.tier]))
    held = f"tier {found.tier}: {layers}; {len(found.attacks[found.tier])} attacks on itself, all stopped"
    yield "jail", f"{held}; a higher tier: {mends}" if found.missing else held, True, ""


def _models() -> Iterator[Finding]:
    """By their file alone: none of them is contacted."""
    from sandbox.gateway.endpoints import place, read
    from sandbox.gateway.errors import Misconfigured

    try:
        known = read()
    except Misconfigured as error:
        yield "models", str(error), False, f"mend {place()}"
        return
    if not known:
        yield "models", f"none in {place()}", True, ""
    for endpoint in known.values():
        key = endpoint.key_env
        lacks = "" if key is None or os.environ.get(key) else f"; ${key}, its key, is not set"
        where = "what it is asked leaves this machine" if endpoint.leaves_machine else "on this machine"
        yield f"model {endpoint.alias}", f"{endpoint.model} at {endpoint.host}, {where}{lacks}".lstrip(), True, ""


def _versions() -> Iterator[Finding]:
    import platform
    import sys

    from workflows.manifest import PACKAGES, cpu_family, packages

    yield "python", platform.python_version(), sys.version_info >= (3, 11), "install Python 3.11 or newer"
    yield "system", f"{platform.system()} {platform.release()}", os.name == "posix", "run it on Linux or macOS, on Windows within WSL2"
    yield "processor", cpu_family(), True, ""
    found = packages()
    wanted = _constraints()
    for name, version in found.items():
        yield name, version, wanted.get(name, version) == version, f"pip install '{name}=={wanted.get(name)}' (constraints.txt)"
    for name in sorted(set(PACKAGES) & wanted.keys() - found.keys()):
        yield name, "not installed", False, f"pip install '{name}=={wanted[name]}'"


def _constraints() -> dict[str, str]:
    """Name → version of constraints.txt beside the rooms, where this is a checkout."""
    import re

    path = Path(__file__).resolve().parents[2] / "constraints.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    pairs = (re.match(r"([\w.-]+)==([^\s;#]+)", line) for line in lines)
    return {pair[1].lower().replace("_", "-"): pair[2] for pair in pairs if pair}


def _rooms() -> Iterator[Finding]:
    """Our rooms are plain top-level names: another distribution may have put its own in front."""
    from importlib.metadata import packages_distributions
    from importlib.util import find_spec

    ours = Path(__file__).resolve().parents[2]
    owners = packages_distributions()
    for room in ROOMS:
        spec = find_spec(room)
        place = Path(spec.origin).parent.parent if spec and spec.origin else None
        others = [name for name in owners.get(room, ()) if name != "winnow"]
        found = str(place or "missing") + (f", also claimed by {', '.join(others)}" if others else "")
        mend = f"pip uninstall {' '.join(others)}, or give winnow a virtual environment of its own" if others else "install winnow again"
        yield f"room {room}", found, place == ours and not others, mend


def _machine() -> Iterator[Finding]:
    import shutil

    from winnow import render
    from workflows.executor import cores
    from workflows.store import find_home

    yield "cores", str(cores()), True, ""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    yield "memory", render.size(memory), memory >= 2 << 30, "2 GB are needed to run two workers"
    place = find_home()
    free = shutil.disk_usage(next(folder for folder in (place, *place.parents) if folder.exists())).free
    yield (
        "free disk",
        f"{render.size(free)} for {place}",
        free >= 1 << 30,
        "free some space, or set WINNOW_HOME to a larger disk; `winnow gc` caps the cache",
    )


def _folders() -> Iterator[Finding]:
    from workflows.trust import state_folder

    place = state_folder()
    if not place.exists():
        yield "state folder", f"{place} (made on first use)", True, ""
        return
    seen = place.lstat()
    is_safe = seen.st_mode & 0o077 == 0 and seen.st_uid == os.geteuid() and place.is_dir()
    yield "state folder", f"{place} ({seen.st_mode & 0o777:o})", is_safe, f"look at it, then `chmod 700 {place}`: it holds what is believed"
