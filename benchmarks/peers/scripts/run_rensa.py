"""rensa in its own environment: R-MinHash of every 5-gram in bulk calls, candidates by its index, checked by their signatures."""

import json

from rensa import RMinHash, RMinHashDeduplicator
from survivors import blocks, given, shingles, write

THRESHOLD, HASHES, BULK = 0.8, 128, 4096


def main() -> None:
    source, target = given(__doc__)
    index = RMinHashDeduplicator(THRESHOLD, HASHES, True)
    pairs: list[tuple[int, int]] = []
    start = 0
    for lines in blocks(source, BULK):
        sketches = RMinHash.from_token_sets([shingles(json.loads(line)["text"]) for line in lines], HASHES, 42)
        for place, sketch in enumerate(sketches, start):
            found = index.get_duplicates(sketch)
            pairs += ((place, int(other)) for other in found)
            if not found:
                index.add(str(place), sketch)
        start += len(lines)
    write(source, target, pairs)


if __name__ == "__main__":
    main()
