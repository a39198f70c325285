"""Runs as a process of its own: compares pairs of expressions by math-verify, one JSON line in, one out. It may be killed at any time.

The library works out what it reads, and there are short expressions that take it for ever. So each pair has a budget of processor seconds
and the process one of memory; who goes beyond it is ended by the kernel, and the process that asked starts another.
"""

import json
import logging
import resource
import sys
import warnings

SECONDS = 5  # of the processor, for one pair
MEMORY = 2 << 30


def main() -> None:
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    from math_verify import parse, verify

    sys.set_int_max_str_digits(0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for line in sys.stdin.buffer:
        given, wanted = json.loads(line)
        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime) + SECONDS + 1
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
        try:
            gold = parse(f"${wanted}$", parsing_timeout=None)
            target = parse(f"${given}$", parsing_timeout=None)
            verdict = bool(verify(gold, target, timeout_seconds=None)) if gold and target else None
        except (ArithmeticError, AttributeError, LookupError, MemoryError, NotImplementedError, RecursionError, TypeError, ValueError):
            verdict = None
        sys.stdout.write(json.dumps(verdict) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
