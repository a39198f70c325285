"""One environment for each peer, made when it is first asked for from its pinned requirements, outside the repository."""

import os
import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements")


class NotInstalled(Exception):
    """A peer's environment cannot be made here: its row says why."""


def home() -> Path:
    """Where environments, corpora and what was measured are kept; WINNOW_BENCH moves it."""
    given = os.environ.get("WINNOW_BENCH")
    return Path(given) if given else Path.home() / ".cache" / "winnow-bench"


def version(package: str) -> str:
    """The pinned version of a peer."""
    lines = (REQUIREMENTS / f"{package}.txt").read_text(encoding="utf-8").splitlines()
    return next(line.split("==")[1] for line in lines if line.split("==")[0] == package)


def python(package: str) -> Path:
    """The interpreter of the peer's environment, made where it is missing or its requirements have changed."""
    place = home() / f"{package}-{version(package)}"
    interpreter, wanted, held = place / "bin" / "python", REQUIREMENTS / f"{package}.txt", place / "requirements.txt"
    if not held.exists() or held.read_bytes() != wanted.read_bytes():
        sys.stderr.write(f"installing {package} into {place}\n")
        venv.create(place, with_pip=True, clear=True)
        command = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(wanted)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotInstalled(f"{package} {version(package)} cannot be installed: {done.stderr.strip().splitlines()[-1]}")
        held.write_bytes(wanted.read_bytes())
    return interpreter
