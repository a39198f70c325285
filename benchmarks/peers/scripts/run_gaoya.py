"""gaoya in its own environment: 32 bands of 8 hashes, bulk calls on all cores, pairs checked by their signatures."""

import json

from gaoya.minhash import MinHashStringIndex
from survivors import blocks, given, write

THRESHOLD, BANDS, BAND, BULK = 0.8, 32, 8, 4096


def main() -> None:
    source, target = given(__doc__)
    index = MinHashStringIndex(32, THRESHOLD, BANDS, BAND, None, "word", True, (5, 5), "vec")
    pairs: list[tuple[int, int]] = []
    start = 0
    for lines in blocks(source, BULK):
        texts = [json.loads(line)["text"] for line in lines]
        index.par_bulk_insert_docs(list(range(start, start + len(texts))), texts)
        for place, found in enumerate(index.par_bulk_query(texts), start):
            pairs += ((place, other) for other in found if other < place)
        start += len(texts)
    write(source, target, pairs)


if __name__ == "__main__":
    main()
