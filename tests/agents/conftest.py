"""Small inputs for planner tests, one of each shape that goals speak of."""

import json

import pytest


def _many(rows, times):
    return [
        dict(row, **{key: f"{value} {number}" for key, value in row.items() if key in ("text", "output", "question")})
        for number in range(times)
        for row in rows
    ]


LONG = "The river ran past the old mill while the children played on its banks, and nobody thought of the storm that was to come. "
ROWS = {
    "messages": _many(
        [{"label": "ham", "text": LONG}, {"label": "ham", "text": "See you at noon"}, {"label": "spam", "text": "WIN a prize now! Call 09061701461"}],
        20,
    ),
    "doubled": [{"text": f"{LONG} {number % 20}"} for number in range(40)],
    "pairs": [
        {
            "idx": number,
            "instruction": f"Explain topic {number} in plain words.",
            "input": "" if number % 2 else f"note {number}",
            "output": LONG * (number % 3),
        }
        for number in range(40)
    ],
    "books": [
        {
            "book_id": 1000 + number,
            "title": f"Title {number}",
            "genre": ("crime", "poetry", "sci-fi")[number % 3],
            "lang": ("en", "de", "fr", "es")[number % 4],
            "year": 1990 + number,
            "stars": round(number / 8, 2),
            "in_print": number % 2 == 0,
            "body": LONG * 3 + str(number),
        }
        for number in range(40)
    ],
    "maths": [
        {"question": f"{LONG} What is {number} + 1?", "answer": f"It is <<{number}+1={number + 1}>>{number + 1}.\n#### {number + 1}"}
        for number in range(30)
    ],
    "exam": [{"question": f"{LONG} What is {number} + 1?", "answer": str(number + 1)} for number in range(5)],
    "marks": [{"book_id": 1000 + number, "grade": number % 5, "approved": number % 2 == 0} for number in range(40)],
    "code": [
        {"instruction": f"Write function {number}.", "input": "", "response": f"def f{number}(): return {number}\n" * 3} for number in range(30)
    ],
    "prefs": [
        {
            "conversations": [{"from": "human", "value": f"Question {number}?"}],
            "chosen": {"from": "gpt", "value": "Good answer."},
            "rejected": {"from": "gpt", "value": "Bad answer."},
        }
        for number in range(10)
    ],
    "talks": [
        {"id": number, "conversations": [{"from": "human", "value": f"Question {number}?"}, {"from": "gpt", "value": f"Answer {number}."}]}
        for number in range(10)
    ],
    "called": [
        {
            "conversations": [
                {"from": "human", "value": f"Add {number} and 1."},
                {"from": "function_call", "value": json.dumps({"name": "add", "arguments": {"a": number, "b": 1}})},
                {"from": "observation", "value": str(number + 1)},
                {"from": "gpt", "value": f"It is {number + 1}."},
            ],
            "tools": '[{"name": "add"}]',
        }
        for number in range(10)
    ],
    "chats": [
        {"messages": [{"role": role, "content": f"{role} {number}"} for role in ("user", "assistant", "user", "assistant")[: 2 + 2 * (number % 2)]]}
        for number in range(10)
    ],
    "dialogues": [
        {side: f"\n\nHuman: Question {number}?\n\nAssistant: Hm.\n\nHuman: Well?\n\nAssistant: {side}" for side in ("chosen", "rejected")}
        for number in range(10)
    ],
    "forked": [
        {
            "conversations": [{"from": who, "value": f"{who} {number}"} for who in ("human", "gpt", "human")],
            "chosen": {"from": "gpt", "value": "Good."},
            "rejected": {"from": "gpt", "value": "Bad."},
        }
        for number in range(10)
    ],
    "trees": [
        {
            "id": number,
            "prompt": {"text": f"Question {number}?", "role": "prompter", "replies": [{"text": "Answer.", "role": "assistant", "replies": []}]},
        }
        for number in range(10)
    ],
    "rated": [{"text": f"{LONG}{number}", "stars": number / 8, "readability": 50 + number} for number in range(30)],
    "sites": [{"url": f"https://www.site{number % 7}.com/{number}", "text": f"{LONG}{number}"} for number in range(30)],
    "pages": [{"path": f"a/{number}.md", "version": str(number % 3), "text": f"---\ntitle: {number}\n---\n" + LONG * 10} for number in range(30)],
}


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    for name, rows in ROWS.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture
def drafted(data, tmp_path_factory):
    from agents.rules.planner import plan

    cache = tmp_path_factory.getbasetemp() / "cache"

    def draft(goal, *names):
        return plan(goal, {name: str(data / f"{name}.jsonl") for name in names}, str(data / "OUT.jsonl"), cache=cache)

    return draft
