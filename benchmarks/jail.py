"""What the jail costs: the same work inside it and outside of it, by turns, and a fresh cell with nothing to do."""

import time
from collections.abc import Callable

import pyarrow as pa

from sandbox.jail import Jail
from sandbox.tiers import prove

from . import jail_work

TURNS, ROWS = 60, 8000
TEXT = "The quick brown fox jumps over the lazy dog. " * 22 + "x" * 10  # 1,000 bytes


def main() -> list[str]:
    """Markdown rows: work, megabytes a second outside and inside, inside as a share."""
    proof = prove()
    batch = pa.record_batch({"text": [TEXT] * ROWS})
    size = batch.nbytes / 1e6
    rows = []
    with Jail(proof.layers, preload=["benchmarks.jail_work"]) as jail:
        for name, goal in (("upper", 0.6), ("slower", 0.9)):
            work = getattr(jail_work, name)
            outside, inside = best(lambda work=work: work({}, [batch]), lambda name=name: jail.call(f"benchmarks.jail_work:{name}", {}, [batch]))
            rows.append(f"| `{name}`, 8 MB batches | {size / outside:,.0f} MB/s | {size / inside:,.0f} MB/s | {outside / inside:.2f} | {goal} |")
        (empty,) = best(lambda: jail.call("benchmarks.jail_work:nothing"))
        rows.append(f"| a fresh cell, nothing to do | | {empty * 1e3:.1f} ms | | ≤ 10 ms |")
    return [f"Tier {proof.tier}. The best of {TURNS} turns.", "", "| work | outside | inside | share | goal |", "|---|---|---|---|---|", *rows]


def best(*works: Callable[[], object]) -> list[float]:
    """Seconds of each, taken by turns: what else the machine does meets all of them."""
    found = [float("inf")] * len(works)
    for _ in range(TURNS):
        for place, work in enumerate(works):
            started = time.perf_counter()
            work()
            found[place] = min(found[place], time.perf_counter() - started)
    return found
