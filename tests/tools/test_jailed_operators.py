"""Operators whose work is done in the jail, on real programs and queries."""

import pyarrow as pa
import pytest
from real_data import rows

from tools.verify.code_passes_tests import CodePassesTests
from tools.verify.sql_executes import SqlExecutes
from workflows import jailing
from workflows.engine.desk import BatchDesk

DESK = BatchDesk(0, "it")
pytestmark = pytest.mark.skipif(jailing.refusal() is not None, reason=f"NOT TESTED: {jailing.refusal()}")


def outcomes(code, tests, **params):
    batch = pa.record_batch({"code": pa.array(code, pa.string()), "tests": tests})
    return CodePassesTests(**params).measure(batch, DESK)["test_outcome"].to_pylist()


def human_eval(solutions, problems):
    texts = {
        "code": [one["prompt"] + solution for one, solution in zip(problems, solutions, strict=True)],
        "tests": [one["test"] for one in problems],
        "entry_point": [one["entry_point"] for one in problems],
    }
    return CodePassesTests(has_entry_point=True).measure(pa.record_batch(texts), DESK)["passes_tests"].to_pylist()


def test_all_solutions_of_human_eval_pass_and_none_does_whose_body_is_gone():
    problems = rows("eval_sets/human_eval.jsonl.zst")
    assert human_eval([one["canonical_solution"] for one in problems], problems) == [True] * 164
    assert human_eval(["    return None\n"] * 164, problems) == [False] * 164


def test_programs_that_end_hang_or_eat_fail_alone():
    programs = [
        "import os; os._exit(0)",
        "while True: pass",
        "raise SystemExit(0)",
        "x = bytearray(1 << 40)",
        "x = 1",
        "1/0",
        "def f(:",
        "\0",
        "input()",
    ]
    told = outcomes(programs, ["assert x == 1"] * len(programs), seconds=1)
    assert told[0] == "stopped: ended with status 0 and no answer"
    assert told[1].startswith("stopped: ")
    assert told[2:4] == ["code raised SystemExit: 0", "code raised MemoryError"]
    assert told[4] == "passed"
    assert [one.partition(":")[0] for one in told[5:]] == [
        "code raised ZeroDivisionError", "code does not compile", "code does not compile", "code raised EOFError"
    ]  # fmt: skip


def test_programs_reach_neither_files_nor_network_nor_processes(tmp_path):
    (tmp_path / "key").write_text("secret")
    tries = [
        f"open({str(tmp_path / 'key')!r}).read()",
        f"open({str(tmp_path / 'left')!r}, 'w')",
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
    ]
    assert all("Error" in told for told in outcomes(tries, ["pass"] * len(tries)))
    assert not (tmp_path / "left").exists()


def test_tests_may_be_a_list_and_one_that_fails_decides():
    code = ["def f(x): return x + 1"] * 3
    tests = pa.array([["assert f(1) == 2", "assert f(2) == 3"], ["assert f(1) == 2", "assert f(2) == 4"], []])
    assert outcomes(code, tests) == ["passed", "test raised AssertionError", "passed"]


def test_a_program_finds_nothing_that_another_left():
    code = ["import builtins; builtins.left = 1", "import builtins; assert not hasattr(builtins, 'left')"]
    assert outcomes(code, ["pass"] * 2) == ["passed", "passed"]


def test_sql_is_run_compared_and_kept_from_the_machine(tmp_path):
    (tmp_path / "key.csv").write_text("a\nsecret")
    sql = [
        "select a from t order by a desc",
        "select 3 - a from t",
        "select 3",
        f"select * from read_csv({str(tmp_path / 'key.csv')!r})",
        f"copy t to {str(tmp_path / 'out.csv')!r}",
        "install httpfs",
        "commit; drop table t",
        "",
    ]
    setup = ["create table t (a int); insert into t values (1), (2)"] * len(sql)
    batch = pa.record_batch({"sql": sql, "setup": setup, "expected": ["select a from t"] * len(sql)})
    found = SqlExecutes(has_setup=True, has_expected=True).measure(batch, DESK)
    assert found["sql_executes"].to_pylist() == [True, True, False, False, False, False, False, False]
    assert found["sql_outcome"].to_pylist()[2] == "another result"
    assert not (tmp_path / "out.csv").exists()


def test_the_order_of_rows_counts_where_the_expected_query_orders():
    batch = pa.record_batch(
        {"sql": ["select 1 union all select 2"] * 2, "expected": ["from (values (2), (1)) t(a)", "from (values (2), (1)) t(a) order by a desc"]}
    )
    assert SqlExecutes(has_expected=True).measure(batch, DESK)["sql_executes"].to_pylist() == [True, False]


def test_sql_that_wants_all_memory_or_never_ends_is_stopped():
    batch = pa.record_batch(
        {"sql": ["select length(repeat('x', 3000000000))", "select count(*) from range(100000000000) a, range(1000) b", "select 1"]}
    )
    found = SqlExecutes(keep="all", seconds=1).measure(batch, DESK)
    assert found["sql_executes"].to_pylist() == [False, False, True]
