"""Starting a zygote: with a clean environment, and inside bubblewrap's namespaces where the tier has them."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .layers import Layer, Layers

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",  # else the order of a set differs from run to run
    "PYTHONDONTWRITEBYTECODE": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # a fresh heap faults once for 2 MB and not for 4 kB
    "ARROW_DEFAULT_MEMORY_POOL": "jemalloc",  # mimalloc sets aside more address space than a cell may have, malloc copies what it cuts
    "JE_ARROW_MALLOC_CONF": "dirty_decay_ms:-1",  # what is freed stays with the process: its pages are there
}
# -I would do, but ignores PYTHONHASHSEED
PROGRAM = "import sys; sys.path[:] = {path!r}; from sandbox.zygote import main; main({control}, {preload!r}, {readable!r})"
SHOWN = (
    "/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime",
    "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",  # malloc looks there for huge pages
)  # fmt: skip


def start(layers: Layers, preload: Sequence[str], readable: Sequence[str]) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """The process and the socket on which it answers."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    lent = [*interpreter(), *packages(preload), *readable]
    program = PROGRAM.format(control=theirs.fileno(), path=import_path(), preload=list(preload), readable=lent)
    command = [sys.executable, "-s", "-P", "-c", program]
    if Layer.NAMESPACES in layers:
        command = [*namespaces(lent), *command]
    try:
        process = subprocess.Popen(
            command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            pass_fds=(theirs.fileno(),), start_new_session=True, cwd="/",
        )  # fmt: skip
    finally:
        theirs.close()
    return process, ours


def namespaces(lent: Sequence[str]) -> list[str]:
    """bubblewrap's command line: nothing of the machine but what is lent, all of it read-only, and no place to write at all."""
    shown = [part for path in dict.fromkeys([*SHOWN, *lent]) if os.path.exists(path) for part in ("--ro-bind", path, path)]
    settings = [part for name, value in ENVIRONMENT.items() for part in ("--setenv", name, value)]
    return [
        bubblewrap() or "bwrap", "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv",
        *settings, "--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", *shown, "--chdir", "/", "--remount-ro", "/",
    ]  # fmt: skip


def bubblewrap() -> str | None:
    """Where it lies; one that is found by way of the current folder does not count."""
    found = shutil.which("bwrap", path="/usr/local/bin:/usr/bin:/bin")
    return found if found and os.path.isabs(found) else None


def import_path() -> list[str]:
    """Where Python looks for modules, without the current folder."""
    return [path for path in dict.fromkeys(os.path.realpath(one) for one in sys.path if one) if os.path.exists(path)]


def interpreter() -> list[str]:
    """Folders of the standard library and of installed packages: not the folder of a project, in which keys and data may lie."""
    homes = {os.path.realpath(home) for home in (sys.prefix, sys.base_prefix)}
    libraries = [os.path.join(home, name) for home in sorted(homes) for name in ("lib", "lib64", "pyvenv.cfg", "bin")]
    installed = [one for one in import_path() if "site-packages" in one or "dist-packages" in one]
    return list(dict.fromkeys([*libraries, *installed]))


def packages(modules: Sequence[str]) -> list[str]:
    """Folders of the packages that these modules belong to, and of this one."""
    found = []
    for name in dict.fromkeys(["sandbox", *(module.partition(".")[0] for module in modules)]):
        for folder in import_path():
            for place in (Path(folder) / name, Path(folder) / f"{name}.py"):
                if place.exists():
                    found.append(str(place))
    return list(dict.fromkeys(found))


def describe(process: subprocess.Popen[bytes]) -> str:
    """What a zygote that did not come up said."""
    assert process.stdout is not None
    return json.dumps(process.stdout.read(4096).decode(errors="replace").strip()[-400:])
