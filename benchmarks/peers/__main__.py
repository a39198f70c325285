"""The comparison with other tools: `make bench ONLY=peers`, or `python -m benchmarks.peers --scale 0.05` for a quick look."""

import argparse
import sys
from typing import get_args

from .. import mixture
from . import tables, venvs
from .files import Files
from .rounds import Round, rounds
from .tools import FILTERS, PEERS, WORKERS, Work
from .turns import Log

ALL: tuple[Work, ...] = get_args(Work)


def main(works: tuple[Work, ...] = ALL, scale: float = 1.0, seed: int = 1) -> list[str]:
    """Markdown: what the tools are and do, then a table for each work. A bench that was cut off goes on where it was."""
    log = Log(venvs.home() / "results" / "turns.jsonl", Files(venvs.home(), seed, scale))
    found: dict[Work, list[Round]] = {}
    page = _head(log.files)
    for work in works:
        found[work] = rounds(work, log)
        shown = tables.table(work, found[work])
        if work == "both" and {"filters", "near"} <= found.keys():
            shown += tables.sums(found["filters"], found["near"], found["both"])
        sys.stderr.write("\n".join(shown) + "\n")
        page += shown
    if found.keys() == set(ALL):
        log.close()
    return page + tables.starts(found)


def _head(files: Files) -> list[str]:
    packages = dict.fromkeys(peer.package for peers in PEERS.values() for peer in peers)
    versions = ", ".join(f"{package} {venvs.version(package)}" for package in packages)
    return [
        f"Against {versions},",
        f"each in an environment of its own and in the fastest setting it documents, on {WORKERS} cores. Whole processes, ours and theirs by turns,",
        "the best of two (a turn of more than 20 s is not repeated); JSON lines in, JSON lines out. MB/s and docs/s are less the start, which is",
        "what a hundred documents take. Memory is the peak of the whole process tree, shared pages counted once. The corpus is real text of",
        f"{len(mixture.SOURCES)} kinds ({files.rows('full'):,} documents, {files.megabytes('full'):.0f} MB), copies with a quarter of their words",
        "changed, one text in ten returning with 1–5% of them changed; a slow tool gets the beginning of the same file. Our cache is empty before",
        "each turn; compiled code counts as installed. A ratio is shown only where outputs compare.",
        "",
        f"Filters: {', '.join(FILTERS)} of ours and of datatrove; nine lighter ones of data-juicer (alphanumeric,",
        "average and maximum line length, character and word repetition, special characters, stop words, text length, number of words).",
        "",
        "Near-duplicates: word 5-grams, Jaccard of 0.8, the first of each cluster stays; datatrove 14 × 8 hashes in four stages, data-juicer 256,",
        "gaoya 32 × 8, rensa 16 × 8, datasketch 128. Outputs: precision and recall of what was removed, against all exact pairs by the tool's own",
        "idea of a word (between white space, or a run of letters and digits): of each exact cluster all rows but one must go.",
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", nargs="*", default=ALL, help=", ".join(ALL))
    parser.add_argument("--scale", type=float, default=1.0, help="1 is the corpus of 220 MB")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print("\n".join(main(tuple(given.works), given.scale, given.seed)))
