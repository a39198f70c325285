"""data-juicer in its own environment, by its own command and a configuration: nine light filters, or near-duplicates; no cache, no traces.

Fusion of operators is off: it took more time here, with either strategy, than it saved.
"""

import argparse
import json
import sys
from pathlib import Path

FILTERS = (
    "alphanumeric_filter",
    "average_line_length_filter",
    "character_repetition_filter",
    "maximum_line_length_filter",
    "special_characters_filter",
    "stopwords_filter",
    "text_length_filter",
    "word_repetition_filter",
    "words_num_filter",
)
NEAR = {"tokenization": "space", "window_size": 5, "jaccard_threshold": 0.8, "num_permutations": 256}
# its own list is fetched from the network
STOP_WORDS = (
    "a about after all also an and any are as at be because been but by can could did do for from had has have he "
    "her his how i if in into is it its just may me more most my no not of on one only or other our out over she "
    "should so some such than that the their them then there these they this to up was we were what when which who "
    "will with would you your"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", choices=("filters", "near"))
    parser.add_argument("input", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--workers", type=int, required=True)
    given = parser.parse_args()
    folder = given.output.parent
    (folder / "words").mkdir(exist_ok=True)
    (folder / "words" / "stopwords.json").write_text(json.dumps({"en": STOP_WORDS.split(" ")}))
    stop_words = {"stopwords_dir": str(folder / "words")}
    filters = [{name: stop_words if name == "stopwords_filter" else {}} for name in FILTERS]
    config = {
        "project_name": "bench",
        "dataset_path": str(given.input),
        "export_path": str(given.output),
        "np": given.workers,
        "work_dir": str(folder / "work"),
        "ds_cache_dir": str(folder / "datasets"),
        "use_cache": False,
        "open_tracer": False,
        "process": filters if given.work == "filters" else [{"document_minhash_deduplicator": NEAR}],
    }
    path = folder / "juicer.json"
    path.write_text(json.dumps(config))
    process(path)


def process(config: Path) -> None:
    """Its own command. After each operator it imports torch to empty the cache of a GPU; without, it starts faster and needs 6 GB less."""
    import data_juicer.ops.base_op
    from data_juicer.tools.process_data import main as process_data

    data_juicer.ops.base_op.free_models = lambda: None
    sys.argv = ["dj-process", "--config", str(config)]
    process_data()


if __name__ == "__main__":
    main()
