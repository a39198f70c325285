"""What steps that let all rows pass found out, as told at the end of a run."""

import pyarrow as pa
import pyarrow.parquet as pq

from winnow import kinds


def measured(folder, *batches):
    for number, values in enumerate(batches):
        pq.write_table(pa.table({"row": list(range(len(values))), "lost": pa.array(values, pa.string())}), folder / f"{number:06d}.parquet")
    return kinds.told(folder, sum(map(len, batches)))


def test_words_are_counted_over_all_shards(tmp_path):
    assert measured(tmp_path, ["tools", "nothing"], ["tools"]) == ["lost: tools 2, nothing 1"]


def test_many_different_words_and_numbers_alone_are_left_to_the_report(tmp_path):
    assert measured(tmp_path, [str(number) for number in range(kinds.MOST_WORDS + 1)]) == []
    pq.write_table(pa.table({"row": [0], "words": [3]}), tmp_path / "000000.parquet")
    assert kinds.told(tmp_path, 1) == []


def test_a_step_that_measured_nothing_tells_nothing(tmp_path):
    assert kinds.told(tmp_path / "none", 10) == []
