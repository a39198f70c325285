"""Goals about which rows to take become these steps: mixtures, coverage, rows like a reference, kin that stays together."""

import pytest

GOALS = [
    ("pairs code", "Mix pairs and code 3:1", ["rename", "mix weights={'pairs': 0.75, 'code': 0.25}"]),
    ("pairs code", "Sample 30 rows with weights by temperature 2 over the sources", ["rename", "mix temperature=2.0 rows=30"]),
    ("messages", "40% ham and 60% spam", ["mix on={'group': 'label'} weights={'ham': 0.4, 'spam': 0.6} by=group"]),
    ("messages", "30 ham and 10 spam", ["mix on={'group': 'label'} weights={'ham': 30.0, 'spam': 10.0} by=group rows=40"]),
    ("messages", "pick 20 diverse rows", ["k_center on=text rows=20"]),
    ("messages", "Drop the most typical 20%", ["prototypes on=text share=0.8"]),
    ("messages", "Use k-means with 8 clusters and take equally many from each, 24 in total", ["cluster_balance on=text clusters=8 rows=24"]),
    ("messages", "Thin out the crowded regions and keep half", ["density_sample on=text share=0.5"]),
    ("messages", "Apply D4. Keep 60%.", ["vector_dedup on=text", "prototypes on=text share=0.6"]),
    ("books", "sample 9 rows inversely to stars", ["ips_sample on={'score': 'stars'} rows=9"]),
    ("maths exam", "Keep the 5 rows most like exam", ["dsir on={'text': 'answer', 'against.text': 'answer'} rows=5 take=best"]),
    (
        "messages",
        "split 90/10 so that near-duplicates never land on both sides",
        ["minhash_dedup on=text", "split on={'group': 'kin.cluster'} by=group"],
    ),
]
ASKED = [
    ("messages", "sample 9 rows inversely to the score", "by which number column"),
    ("messages", "oversample the spam", "takes no row twice"),
    ("messages", "Thin out the crowded regions", "how many rows"),
    ("pairs code", "Mix 50% pairs and 30% code", "add up to 80%"),
]


@pytest.mark.parametrize(("names", "goal", "wanted"), GOALS, ids=[goal[:40] for _, goal, _ in GOALS])
def test_goal_becomes_these_steps(drafted, names, goal, wanted):
    draft = drafted(goal, *names.split())
    assert draft.status == "draft", draft.message
    assert not draft.unclear
    steps = [step for step in draft.recipe.steps if not step.op.startswith("select_columns")]
    shown = [f"{step.op.partition('@')[0]} on={step.on} {' '.join(f'{name}={value}' for name, value in step.params.items())}" for step in steps]
    assert len(shown) == len(wanted), shown
    for step, one in zip(shown, wanted, strict=True):
        assert step.split()[0] == one.split()[0]
        assert all(part in step for part in one.split()), (step, one)


@pytest.mark.parametrize(("names", "goal", "said"), ASKED, ids=[goal[:40] for _, goal, _ in ASKED])
def test_what_is_missing_is_asked_for(drafted, names, goal, said):
    draft = drafted(goal, *names.split())
    assert draft.status in ("ask", "refuse")
    assert said in draft.message
