"""Clauses with orders of several families in a row: each order has its step, and none is swallowed by the reader of another."""

import json

import pytest

from agents.rules.planner import plan

PAGE = "---\ntitle: Hi\n---\n\n# Hello\n\nThe **river** ran past [the mill](http://x.org) and nobody thought of the storm that was to come. "
TREE = {"role": "prompter", "text": "How are you?", "replies": [{"role": "assistant", "text": "Fine."}, {"role": "assistant", "text": "Well."}]}
ROWS = {
    "notes": [{"text": PAGE * 3 + str(number)} for number in range(20)],
    "facts": [
        {"question": f"What is {number}?", "context": f"It was {number}.", "answer": str(number), "query": f"select {number}"} for number in range(20)
    ],
    "pubs": [{"pmid": str(number), "passages": [f"First {number}.", "The second one is longer."], "verdict": "yes it does"} for number in range(20)],
    "trees": [{"message_tree_id": f"a{number}", "tree_state": "ready", "prompt": TREE} for number in range(20)],
    "programs": [{"prompt": "def f():", "solution": f"    return {number}", "test": f"assert f() == {number}"} for number in range(20)],
}


@pytest.fixture
def planned(tmp_path, monkeypatch, drafted):
    monkeypatch.chdir(tmp_path)

    def draft(goal, name):
        if name not in ROWS:
            return drafted(goal, name)
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS[name]), encoding="utf-8")
        return plan(goal, {name: f"{name}.jsonl"}, None, cache=tmp_path / "cache")

    return draft


def operators(draft):
    return [step.op.partition("@")[0] for step in draft.recipe.steps]


@pytest.mark.parametrize(
    ("name", "goal", "steps"),
    [
        (
            "notes",
            "remove the yaml front matter and the markdown formatting, then one sentence per row",
            "remove_front_matter remove_markup split_sentences",
        ),
        ("notes", "front matter off, urls gone, shuffle", "remove_front_matter remove_urls shuffle"),
        ("notes", "take off the front matter, plain text without markdown, then chunks of 50 words", "remove_front_matter remove_markup chunk"),
        ("facts", "keep rows where the answer is found in the context and the sql query executes", "answer_in_context sql_executes"),
        ("pairs", "turn this into sharegpt conversations, 80/10/10 train/val/test", "to_sharegpt select_columns split"),
        ("messages", "drop texts under 3 words, 90/10 train/test", "words split"),
        ("notes", "one sentence per row, keep sentences of 8 to 40 words, drop duplicates", "split_sentences words exact_dedup"),
        ("programs", "run the tests against the solution and keep the ones that pass", "code_passes_tests"),
        ("messages", "lower case, 50/50 split", "lower_case split"),
        ("messages", "rows with no PII only, 100 random ones", "pii_count random_sample"),
        ("notes", "mask IP addresses and emails, one paragraph per row", "mask_pii chunk"),
        ("notes", "remove markdown, then near-dedup at 0.8, at least 5 words", "remove_markup minhash_dedup words"),
        ("messages", "balance the texts without labels and keep 30 rows", "cluster_balance"),
        ("messages", "keep the 10 texts that best represent the whole set", "facility_location"),
    ],
)
def test_each_order_has_its_step(planned, name, goal, steps):
    draft = planned(goal, name)
    assert (operators(draft), draft.unclear) == (steps.split(), ())


@pytest.mark.parametrize(
    ("name", "goal", "lost"),
    [
        ("notes", "remove urls, then gild the lilies", "gild the lilies"),
        ("notes", "front matter off, urls gone, commas polished", "commas polished"),
        ("messages", "one row per verse, then lower case", "one row per verse"),
        ("pairs", "drop duplicates, then to the usual shape", "to the usual shape"),
        ("trees", "flatten the conversation trees, English only", "English only"),
    ],
)
def test_an_order_that_no_reader_knows_is_said_to_be_unclear(planned, name, goal, lost):
    assert any(lost in one for one in planned(goal, name).unclear)


def test_a_language_behind_a_drop_is_what_stays(planned):
    step = planned("drop texts under 3 words, English only", "messages").recipe.steps[-1]
    assert step.params == {"languages": ["en"]} and step.id == "english"


def test_placeholders_stand_for_pieces_in_their_order(planned):
    steps = planned("replace phone numbers and links with <PHONE> and <URL>", "messages").recipe.steps
    assert [step.params.get("placeholder") or step.params.get("replacement") for step in steps] == ["<PHONE>", "<URL>"]


def test_short_ones_are_items_behind_explode(planned):
    steps = planned("explode the passages list into rows and drop short ones", "pubs").recipe.steps
    assert [(step.op, step.on) for step in steps] == [("explode@1", {"items": "passages"}), ("words@1", "passages")]


def test_threads_of_one_tree_are_no_duplicates(planned):
    steps = planned("flatten the conversation trees, no duplicates", "trees").recipe.steps
    assert next(step.on for step in steps if step.op == "exact_dedup@1") == ["prompt", "path"]


def test_the_most_is_of_what_was_just_counted(planned):
    steps = planned("count the PII per row and keep the 5 with the most", "messages").recipe.steps
    assert (steps[-1].op, steps[-1].params["rows"]) == ("top_k@1", 5)


@pytest.mark.parametrize(("goal", "ending"), [("shuffle, arrow output", ".arrow"), ("drop duplicates, then shuffle, csv", ".csv")])
def test_a_format_at_the_end_is_the_output(planned, goal, ending):
    assert planned(goal, "notes").recipe.outputs["out"].path.endswith(ending)


def test_a_number_that_no_step_uses_is_lost_beside_a_bound_of_nothing(planned):
    assert any("'100'" in one for one in planned("no rows with PII for the 100 of us", "messages").unclear)


def test_a_list_of_what_goes_holds_no_orders(planned):
    goal = "Keep only the rows where the text is valid Python code (it must parse). Prose, other languages and broken code go."
    assert [step.op for step in planned(goal, "messages").recipe.steps] == ["code_compiles@1"]


def test_columns_that_are_named_together_stay_together(planned):
    (step,) = planned("Can you remove the url and label columns?", "messages").recipe.steps
    assert step.op == "drop_columns@1"
