"""Goals that were once misread in silence, by family: each is read rightly now, or what cannot be read is said."""

import pytest

READ = [
    # which way a clause points
    ("pairs", "Outputs longer than 60 words are too much for us", "words", "at_most=60"),
    ("messages", "I have no use for the spam messages", "field", "label is distinct from 'spam'"),
    ("pairs", "Instruction with less than 3 words or output with less than 5 words go out", "words", "at_least=5"),
    ("messages", "skip the first 50 rows", "first_n", "first_rows.dropped"),
    ("messages", "rows where text contains neither prize nor noon", "contains_words", "at_most=0"),
    # rows that hold a piece are filtered, the piece is not cut out of them
    ("messages", "Kick out messages with links or an @mention in them", "matches", "at_most=0"),
    ("messages", "strip @mentions from every text", "replace", "@"),
    ("pairs", "the output must not repeat the instruction", "field", "trim(output) is distinct from trim(instruction)"),
    # sizes set against each other
    ("pairs", "Keep rows where output is at least twice as long as instruction", "field", "length(output) >= 2 * length(instruction)"),
    ("pairs", "output should be less than half as long as instruction, drop the others", "field", "length(output) < 0.5 * length(instruction)"),
    # groups
    ("books", "never more than 5 per genre", "balance", "rows_each=5"),
    ("books", "I need the same number of rows for every genre, 10 each", "balance", "rows_each=10"),
    ("books", "no German or French, the rest balanced by genre with 3 of each", "balance", "rows_each=3"),
    ("pages", "train / test, 80 / 20. Don't let the same version end up in both!", "split", "by=group"),
    # two ends, order, budget
    ("books", "Throw out the 10% easiest and the 10% hardest books by stars", "quantile", "at_least=0.1 at_most=0.9"),
    ("books", "order the books from hard to easy, a high number of stars is hard", "sort", "descending=True"),
    ("books", "Sort by stars, then take 5", "first_n", "rows=5"),
    ("books", "500 words of body in total, the highest stars first", "token_budget", "take=best"),
    ("messages", "split it in half at random", "split", "validation=0.5"),
    # columns
    ("pairs", "please call output answer", "rename", "'output': 'answer'"),
    ("pairs", "output should be renamed to response", "rename", "'output': 'response'"),
    ("pairs", "rename output -> response", "rename", "'output': 'response'"),
    ("maths", "give me question and answer as csv", "select_columns", "['question', 'answer']"),
    ("books", "all crime books, but titles only", "select_columns", "['title']"),
    ("messages", "pls drop dups in the text col", "exact_dedup", "text"),
    ("messages", "add word_count with the number of words in text, keep rows with 5 to 12 of them", "field", "word_count"),
    # shorthand
    ("pairs", "truncate output to 500 characters", "truncate", "characters=500"),
    ("messages", "spam only pls + lowercase", "field", "label = 'spam'"),
    ("pairs", "drop rows w/o output", "is_empty", "output"),
    ("pages", "Split every text into pieces of max. 40 words", "chunk", "words=40"),
    ("messages", "just the first fifty lines, for a quick look", "first_n", "rows=50"),
    ("messages", "near duplicates out (jaccard .7), one of each group stays", "minhash_dedup", "similarity=0.7"),
    ("books", "only genre = crime | poetry", "field", "genre = 'crime' or genre = 'poetry'"),
]
SAID = [
    ("messages", "balance it by the party of the speaker", "party"),
    ("books", "dedupe by the publisher", "publisher"),
    ("books", "one book per genre, the newest", "newest"),
    ("books", "genre should be crime or fantasy", "fantasy"),
    ("books", "Keep 10 random rows of shelf_nine", "shelf_nine"),
    ("pairs", "write a one-sentence summary of every output into a new column tldr", "summary"),
    ("messages", "trim rows > 2000 chars", "trim"),
    ("messages", "only ham, no digits", "digits"),
    ("messages", "50 words in total, shortest texts first", "shortest"),
    ("messages", "sample 5 percent but at least one of each label", "at least one of each"),
    ("books", "10 random books without title", "title"),
    ("books", "add a column source with the value shop and a column size with the length of body", "s"),
]


@pytest.mark.parametrize(("name", "goal", "op", "holds"), READ, ids=[goal[:40] for _, goal, _, _ in READ])
def test_goal_is_read_rightly(drafted, name, goal, op, holds):
    draft = drafted(goal, name)
    assert draft.status == "draft", draft.message
    assert draft.unclear == ()
    step = next(step for step in reversed(draft.recipe.steps) if step.op == f"{op}@1")
    params = " ".join(f"{key}={value}" for key, value in step.params.items())
    assert holds in f"{step.on} {params} {[output.rows for output in draft.recipe.outputs.values()]}"


@pytest.mark.parametrize(("name", "goal", "word"), SAID, ids=[goal[:40] for _, goal, _ in SAID])
def test_what_cannot_be_read_is_said(drafted, name, goal, word):
    draft = drafted(goal, name)
    assert any(word in one for one in draft.unclear), (draft.status, draft.unclear, draft.clauses)


def test_a_file_is_no_column_of_that_name(drafted, data):
    (data / "speeches.jsonl").write_text("".join(f'{{"file": "{"x" * (9 - n)}", "text": "{"word " * 40 * n}"}}\n' for n in range(1, 9)))
    measured, best = drafted("Give me the 3 longest speeches in this file", "speeches").recipe.steps
    assert (measured.on, best.params) == ("text", {"rows": 3})
