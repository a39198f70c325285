"""decontaminate: what it finds, what it leaves alone, and where."""

import random

import pytest
from real_data import rows
from small_engine import holds, run, same_for_any_cut

from tools.dedupe import items
from tools.dedupe.decontaminate import Decontaminate


@pytest.mark.parametrize("example", Decontaminate.card.examples, ids=str)
def test_examples_hold(example):
    holds(Decontaminate, example)


def test_it_learns_the_same_from_any_cut():
    draw = random.Random(8)
    vocabulary = [f"word{number}" for number in range(80)]
    texts = [" ".join(draw.choices(vocabulary, k=draw.randint(0, 30))) for _ in range(60)]
    evals = [*(text[: draw.randint(5, 200)] for text in texts[:20]), *texts[:5], "", "two words"]
    found = same_for_any_cut(Decontaminate(ngram=4), {"text": texts}, {"text": evals})
    assert 10 < len(found["kept"]) < 60


def test_the_item_and_its_place_are_named():
    question = "How many apples does Natalia sell in April if she sells 48 in May?"
    long = " ".join(f"filler{number}" for number in range(500))
    given = {"text": [f"{long} {question.upper()} {long}", long]}
    columns = run(Decontaminate(), given, {"text": ["Something else that is long enough to count here", question]})["columns"]
    assert columns["contamination"] == [1.0, 0.0]
    assert columns["item"] == [question, None]
    assert columns["start"] == [500, None]
    assert columns["stop"] == [514, None]


def test_short_items_must_occur_whole_and_very_short_ones_are_not_looked_for():
    evals = {"text": ["Who wrote the Iliad?", "Yes.", "What is it?"]}
    given = {"text": ["Asked: who wrote the Iliad? Homer.", "Who wrote the Odyssey?", "Yes.", "What is it? A cat."]}
    assert run(Decontaminate(), given, evals)["kept"] == [1, 2, 3]
    assert run(Decontaminate(shortest=1), given, evals)["kept"] == [1]


def test_of_equal_shares_the_same_item_is_named_whatever_the_cut():
    evals = {"text": ["a b c d e f g h i one", "a b c d e f g h i two"]}
    named = {run(Decontaminate(), {"text": ["x", "a b c d e f g h i"]}, evals, cut=cut)["columns"]["item"][1] for cut in (1, 2, 9)}
    assert len(named) == 1


def test_an_empty_reference_finds_nothing():
    assert run(Decontaminate(), {"text": ["a b c d e f g h"]}, {"text": []})["columns"]["contamination"] == [0.0]


def test_many_hits_are_looked_up_in_parts(monkeypatch):
    draw = random.Random(2)
    texts = [" ".join(draw.choices("abcde", k=40)) for _ in range(50)]
    evals = {"text": texts[:25]}
    whole = run(Decontaminate(ngram=3), {"text": texts}, evals)
    monkeypatch.setattr(items, "HITS_AT_ONCE", 10)
    monkeypatch.setattr(items, "WORDS_AT_ONCE", 100)
    assert run(Decontaminate(ngram=3), {"text": texts}, evals) == whole


def test_every_gsm8k_test_question_is_found_and_training_questions_stay():
    clean = [row["question"] for row in rows("gsm8k/train.jsonl.zst")]
    leaked = [row["question"] for row in rows("gsm8k/test_socratic.jsonl.zst", 300)]
    evals = [row["question"] for row in rows("gsm8k/test.jsonl.zst")]
    kept = run(Decontaminate(), {"text": clean + leaked}, {"text": evals}, cut=2000)["kept"]
    assert not [row for row in kept if (clean + leaked)[row] in set(evals)]
    assert sum(row >= len(clean) for row in kept) == 0
    assert sum(row < len(clean) for row in kept) >= 0.99 * len(clean)


def test_copied_questions_are_found_also_under_other_answers():
    def whole(name, limit=None):
        return ["\n\n".join((row["question"], row["answer"])) for row in rows(f"gsm8k/{name}.jsonl.zst", limit)]

    clean, leaked = whole("train", 2000), whole("test_socratic", 300)
    kept = run(Decontaminate(), {"text": clean + leaked}, {"text": whole("test")})["kept"]
    assert sum(row >= len(clean) for row in kept) <= 3
    assert sum(row < len(clean) for row in kept) >= 0.99 * len(clean)


@pytest.mark.parametrize("with_solution", [False, True])
def test_human_eval_prompts_are_found_in_code_instructions(with_solution):
    evals = rows("eval_sets/human_eval.jsonl.zst")
    clean = [row["instruction"] for row in rows("codealpaca/new_codealpaca.jsonl.zst", 2000)]
    leaked = ["Complete this function: " + row["prompt"] for row in evals[:90]]
    reference = [row["prompt"] + (row["canonical_solution"] if with_solution else "") for row in evals]
    kept = run(Decontaminate(), {"text": clean + leaked}, {"text": reference})["kept"]
    assert sum(row >= len(clean) for row in kept) <= 4
    assert sum(row < len(clean) for row in kept) >= 0.99 * len(clean)
