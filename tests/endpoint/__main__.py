"""Start the test server by hand: `python -m tests.endpoint --mode random --port 0`."""

import argparse
import sys

from .minds import MINDS
from .server import Server


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.endpoint", description=__doc__)
    parser.add_argument("--mode", choices=[*MINDS, "tiny"], default="random", help="how good it is at schemas (default: random)")
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--faults", type=float, default=0.0, metavar="SHARE", help="share of answers that go wrong")
    parser.add_argument("--slow", type=float, default=5.0, metavar="SECONDS", help="how slow a slow answer is")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    with Server(chosen.mode, faults=chosen.faults, seed=chosen.seed, slow=chosen.slow, port=chosen.port) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        try:
            server.join()
        except KeyboardInterrupt:
            sys.stderr.write(f"{len(server.asked)} questions, {len(server.probes)} probes\n")


if __name__ == "__main__":
    main()
