"""datasketch in its own environment: MinHash of every 5-gram with xxhash, its index at 0.8, one process for each core computing signatures."""

import json
import multiprocessing
from collections.abc import Iterator

from datasketch import MinHash, MinHashLSH
from survivors import blocks, given, shingles, write
from xxhash import xxh32_intdigest

THRESHOLD, HASHES, BULK, WORKERS = 0.8, 128, 512, 2


def sketches(lines: list[str]) -> list[MinHash]:
    texts = ([gram.encode() for gram in shingles(json.loads(line)["text"])] for line in lines)
    return list(MinHash.generator(texts, num_perm=HASHES, hashfunc=xxh32_intdigest))


def main() -> None:
    source, target = given(__doc__)
    index = MinHashLSH(threshold=THRESHOLD, num_perm=HASHES)
    pairs: list[tuple[int, int]] = []
    with multiprocessing.Pool(WORKERS) as pool:
        for place, sketch in enumerate(_flat(pool.imap(sketches, blocks(source, BULK)))):
            pairs += ((place, other) for other in index.query(sketch))
            index.insert(place, sketch)
    write(source, target, pairs)


def _flat(parts: Iterator[list[MinHash]]) -> Iterator[MinHash]:
    for part in parts:
        yield from part


if __name__ == "__main__":
    main()
