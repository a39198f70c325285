"""Makes attacks on a jail of some layers and says which got through: `python attacking.py "landlock seccomp" [ATTACK ...]` prints JSON."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [one for one in (str(ROOT), str(HERE)) if one not in sys.path]

from attacks import ATTACKS, RAN  # noqa: E402

from sandbox.errors import JailError, Stopped  # noqa: E402
from sandbox.jail import Jail  # noqa: E402
from sandbox.layers import Layer, Limits  # noqa: E402

LIMITS = Limits(memory=1 << 30, cpu_seconds=2, wall_seconds=30)
BRIEF = Limits(memory=1 << 30, cpu_seconds=1, wall_seconds=1)
ENDLESS = {"computes_for_ever", "sleeps_for_ever", "recurses_without_end", "stops_in_the_middle", "takes_memory_in_steps"}


def attacked(layers, names=()):
    """Attack → what it got, for those that got through; and what must not have changed outside."""
    through = {}
    with (
        prey() as order,
        Jail(
            frozenset(map(Layer, layers)), preload=["tried", "attacks_on_others", "attacks_by_force", "attacks_by_answers", "attacks"], limits=LIMITS
        ) as jail,
    ):
        for name in names or ATTACKS:
            got = _made(jail, name, order)
            if got is not None:
                through[name] = got
        left = sorted(os.listdir(order["folder"]))
        if left != [".ssh", "leak", "socket"]:
            through["left behind"] = repr(left)
    return through


def _made(jail, name, order):
    try:
        told, _ = jail.call("attacks:attempt", {**order, "attack": name}, [], rows=1, limits=BRIEF if name in ENDLESS else LIMITS)
    except Stopped as error:
        if "no answer within" in error.why and name not in ENDLESS:
            return error.why  # nothing was shown
        return RAN if RAN in error.said else None
    except JailError:
        return None
    return f"accepted: {told['got']}"


@contextmanager
def prey():
    """Something worth an attack: a key, an open file, sockets, a process with a secret in its environment."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(["sleep", "600"], env={"KEY": "SECRET"}) as victim,
        socket.socket() as tcp,
        socket.socket(socket.AF_UNIX) as unix,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        try:
            Path(folder, ".ssh").mkdir()
            Path(folder, ".ssh/id_rsa").write_text("SECRET")
            with open(Path(folder, "leak"), "w+b") as leak:
                leak.write(b"LEAK")
                leak.flush()
                os.set_inheritable(leak.fileno(), True)
                tcp.bind(("127.0.0.1", 0))
                unix.bind(f"{folder}/socket")
                abstract.bind(f"\0winnow{os.getpid()}")
                for one in (tcp, unix, abstract):
                    one.listen()
                yield {
                    "folder": folder, "project": str(ROOT), "process": victim.pid, "port": tcp.getsockname()[1],
                    "unix": f"{folder}/socket", "abstract": f"winnow{os.getpid()}",
                }  # fmt: skip
        finally:
            victim.kill()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(attacked(sys.argv[1].split(), sys.argv[2:]), indent=1))
