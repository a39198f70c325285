"""Whatever strangers write, what a model is shown of it is plain and short."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from winnow.mcp.quoting import MOST_ANSWER, MOST_VALUE, UNSEEN, fitted, quoted, seen

anything = st.text(st.characters(codec=None), max_size=300)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | anything, lambda inner: st.lists(inner) | st.dictionaries(anything, inner), max_leaves=20
)


@given(values)
@settings(max_examples=60)
def test_no_value_holds_what_cannot_be_seen(value):
    told = quoted(value)
    assert not UNSEEN.search(told)
    assert len(told) <= MOST_VALUE
    told.encode()


@given(anything, st.integers(1, 400))
@settings(max_examples=60)
def test_a_short_plain_text_is_shown_as_it_is(text, most):
    told = seen(text, most)
    assert (told == text) == (len(text) <= most and not UNSEEN.search(text))


@given(st.dictionaries(st.text("abc", min_size=1), values, max_size=4), st.integers(1, 2000))
@settings(max_examples=20)
def test_an_answer_of_lists_always_fits(answer, times):
    told = fitted({"rows": [answer] * times, "left_out": []})
    assert len(json.dumps(told, ensure_ascii=False).encode()) <= MOST_ANSWER
    assert bool(told["left_out"]) == (len(told["rows"]) < times)
