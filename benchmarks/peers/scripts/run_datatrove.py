"""datatrove in its own environment: quality filters, or near-duplicates in four stages; one task and one worker for each file of the input folder."""

import argparse
from pathlib import Path
from typing import Any

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.hashing import HashConfig

FILTERS = {
    "gopher_repetition": GopherRepetitionFilter,
    "gopher_quality": GopherQualityFilter,
    "c4_quality": C4QualityFilter,
    "fineweb_quality": FineWebQualityFilter,
}
CONFIG = MinhashConfig(n_grams=5, num_buckets=14, hashes_per_bucket=8, hash_config=HashConfig(precision=64, hash_fc="xxhash"))


class Job:
    """Stages over one folder of JSON lines."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.tasks = len(list(given.input.glob("*.jsonl")))

    def filters(self) -> None:
        self._run("filters", [self._reader(), *(FILTERS[name]() for name in self.given.filters), self._writer()])

    def near(self) -> None:
        work = self.given.work
        signatures, buckets, removed = str(work / "signatures"), str(work / "buckets"), str(work / "removed")
        self._run("signatures", [self._reader(), MinhashDedupSignature(signatures, config=CONFIG)])
        self._run("buckets", [MinhashDedupBuckets(signatures, buckets, config=CONFIG)], tasks=CONFIG.num_buckets)
        self._run("clusters", [MinhashDedupCluster(buckets, removed, config=CONFIG)], tasks=1)
        self._run("removal", [self._reader(), MinhashDedupFilter(removed), self._writer()])

    def _reader(self) -> Any:
        return JsonlReader(str(self.given.input), compression=None)

    def _writer(self) -> Any:
        return JsonlWriter(str(self.given.output), compression=None)

    def _run(self, name: str, pipeline: list[Any], tasks: int | None = None) -> None:
        logs = str(self.given.work / "logs" / name)
        # fork: the workers import nothing anew
        LocalPipelineExecutor(pipeline, tasks=tasks or self.tasks, workers=self.given.workers, logging_dir=logs, start_method="fork").run()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=("filters", "near"))
    parser.add_argument("input", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--filters", nargs="*", default=list(FILTERS))
    given = parser.parse_args()
    kind, given.work = given.work, given.output.parent / "work"
    Job(given).filters() if kind == "filters" else Job(given).near()


if __name__ == "__main__":
    main()
