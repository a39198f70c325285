"""rensa in its own environment: its deduplicator keeps a text that none of those kept resembles, by R-MinHash of every 5-gram, in bulk calls."""

import json

from rensa import RMinHashDeduplicator
from survivors import blocks, given, shingles

THRESHOLD, HASHES, BANDS, BULK = 0.8, 128, 16, 4096  # by default 8 bands, which find three pairs of four


def main() -> None:
    source, target = given(__doc__)
    index = RMinHashDeduplicator(THRESHOLD, HASHES, True, BANDS)
    start = 0
    with open(target, "w", encoding="utf-8", newline="\n") as kept:
        for lines in blocks(source, BULK):
            stays = index.add_pairs((str(place), shingles(json.loads(line)["text"])) for place, line in enumerate(lines, start))
            kept.writelines(line for line, stay in zip(lines, stays, strict=True) if stay)
            start += len(lines)


if __name__ == "__main__":
    main()
