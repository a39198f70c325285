"""Other words for the same order: what a goal is read as."""

import time

import pytest

from agents.rules.wordings import plain


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        ("Could you pull out the urgent rows for me?", "keep the urgent rows?"),
        ("Drop rows unless year is 2020", "keep only rows where year is 2020"),
        ("score must be positive, else drop", "keep only rows where score must be positive"),
        ("Which ten books have the highest rating?", "give me the ten books with the highest rating."),
        ("The bodies are full of emojis. Get rid of them.", "Remove emojis from bodies."),
        ("body: remove links", "In body, remove links"),
        ("a 60 / b 40 percent", "60% a, 40% b"),
        ("n_lines := number of lines in text", "add a column n_lines with number of lines in text"),
        ("keep de, fr or en", "keep German, French or English"),
        ("Make sure that no title is in there twice", "remove exact duplicate title"),
        ("People who speak Dutch or Polish, so texts in other languages are useless.", "keep only texts in Dutch or Polish."),
        ("nothing from held_out may be in the training set", "decontaminate the training set against held_out"),
    ],
)
def test_a_turn_of_phrase_is_said_plainly(goal: str, said: str) -> None:
    assert plain(goal) == said


@pytest.mark.parametrize("goal", ["keep rows with label spam", 'remove `cols` and "a + b"', r"keep what matches the regex a=b\d+", ""])
def test_plain_words_and_what_is_quoted_stay(goal: str) -> None:
    assert plain(goal) == goal


def test_to_say_it_twice_changes_nothing() -> None:
    once = plain("Rank the books by rating from high to low and hand me the first 20 of that list; cols title, rating")
    assert plain(once) == once


@pytest.mark.parametrize("piece", ["a ", "who read a, ", "there are x and ", "the a b with c, ", "(", "keep the \u00df "])
def test_a_long_goal_is_read_at_once(piece: str) -> None:
    started = time.process_time()
    for times in (200, 2000):
        plain(piece * times)
    assert time.process_time() - started < 2
