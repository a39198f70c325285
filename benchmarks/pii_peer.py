"""How fast a peer takes e-mail and IP addresses out of texts. Runs inside the peer's own environment: `python pii_peer.py PEER TEXTS`, JSON lines."""

import json
import sys
import time
from collections.abc import Callable


def datatrove() -> Callable[[list[str]], list[str]]:
    from datatrove.pipeline.formatters import PIIFormatter

    formatter = PIIFormatter()
    return lambda texts: [formatter.format(text) for text in texts]


def data_juicer() -> Callable[[list[str]], list[str]]:
    from data_juicer.ops.mapper import CleanEmailMapper, CleanIpMapper

    steps = (CleanEmailMapper(), CleanIpMapper())

    def cleaned(texts: list[str]) -> list[str]:
        samples = {"text": list(texts)}
        for step in steps:
            samples = step.process_batched(samples)
        return samples["text"]

    return cleaned


def main() -> None:
    with open(sys.argv[2], encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    clean = {"datatrove": datatrove, "py-data-juicer": data_juicer}[sys.argv[1]]()
    clean(texts[:20])
    started = time.process_time()
    cleaned = clean(texts)
    seconds = time.process_time() - started
    changed = sum(one != other for one, other in zip(texts, cleaned, strict=True))
    print(json.dumps({"seconds": seconds, "changed": changed}))


if __name__ == "__main__":
    main()
