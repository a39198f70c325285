"""Which jail holds on this machine: tried, not assumed."""

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import landlock, seccomp
from .canaries import ATTACKS, RAN
from .errors import JailError, Raised, Refused, Stopped
from .jail import Jail
from .layers import TIERS, Layer, Layers, Limits
from .start import bubblewrap

TRIED = Limits(memory=1 << 30, cpu_seconds=5, wall_seconds=10)
MENDS = {
    Layer.NAMESPACES: "apt install bubblewrap",
    Layer.LANDLOCK: "a Linux kernel 5.13 or newer with Landlock on (lsm=landlock,... on its command line)",
    Layer.SECCOMP: "Linux on x86-64 or arm64 with seccomp",
}
APPARMOR = "bubblewrap is installed but may not make namespaces; on Ubuntu load its profile: apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict"


@dataclass(frozen=True)
class Proof:
    """What attacking oneself showed."""

    tier: str | None  # the best that held; None: code of strangers does not run here
    attacks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # tier → attack → how it ended
    missing: Mapping[Layer, str] = field(default_factory=dict)  # layer → how to get it

    @property
    def layers(self) -> Layers:
        """Raises Refused where nothing held."""
        if self.tier is None:
            wanted = "; ".join(f"{layer}: {mend}" for layer, mend in self.missing.items())
            raise Refused(f"there is no jail here that holds, so code of strangers does not run. Missing: {wanted or 'see winnow doctor'}")
        return TIERS[self.tier]


def prove() -> Proof:
    """Try the tiers from the best on; the first that stops all attacks is granted. Takes about a second."""
    missing = lacking()
    attacks: dict[str, dict[str, str]] = {}
    for tier, layers in TIERS.items():
        if layers & missing.keys():
            continue
        attacks[tier] = attack(layers)
        if all(ended.startswith("stopped") for ended in attacks[tier].values()):
            return Proof(tier, attacks, missing)
    return Proof(None, attacks, missing)


def lacking() -> dict[Layer, str]:
    """Layers that cannot be laid on here, and the mend."""
    missing = {}
    if not landlock.version():
        missing[Layer.LANDLOCK] = MENDS[Layer.LANDLOCK]
    if not seccomp.is_known():
        missing[Layer.SECCOMP] = MENDS[Layer.SECCOMP]
    program = bubblewrap()
    if program is None:
        missing[Layer.NAMESPACES] = MENDS[Layer.NAMESPACES]
    elif subprocess.run([program, "--unshare-all", "--unshare-user", "--ro-bind", "/", "/", "/bin/true"], capture_output=True, timeout=20).returncode:
        missing[Layer.NAMESPACES] = APPARMOR
    return missing


def attack(layers: Layers) -> dict[str, str]:
    """Each attack and how it ended: `stopped: …` or `got through: …`."""
    with _prey() as prey:
        try:
            with Jail(layers, preload=["sandbox.canaries"], limits=TRIED) as jail:
                return {name: _ended(jail, name, prey) for name in ATTACKS}
        except (JailError, OSError) as error:
            return {"make a jail": f"failed: {error}"}


def _ended(jail: Jail, name: str, prey: Mapping[str, object]) -> str:
    try:
        told, _ = jail.call("sandbox.canaries:attempt", {**prey, "attack": name})
    except Raised as error:
        return f"stopped: {error}"
    except Stopped as error:
        return f"got through: {RAN}" if RAN in error.said else f"stopped: {error}"
    return f"got through: {told['got']}" if told.get("got") is not None else f"stopped: {told.get('stopped_by')}"


@contextmanager
def _prey() -> Iterator[dict[str, object]]:
    """Something worth an attack: a file, a folder, an open port, a process with an environment."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as listener:
        canary = Path(folder) / "canary"
        canary.write_text("a secret", encoding="ascii")
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield {
            "canary": str(canary),
            "folder": folder,
            "port": listener.getsockname()[1],
            "process": os.getpid(),
            "too_much": TRIED.memory + (1 << 20),
        }
