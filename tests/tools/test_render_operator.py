"""render: what templates may say, what they may not, and that no template outgrows its row."""

import jinja2
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tools.errors import RowError
from tools.rewrites.render import Render
from tools.template import template

ATTACKS = (
    "{{ ''.__class__.__mro__ }}{{ x.y }}",
    "{{ x.__class__ }}",
    "{{ x['__globals__'] }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ x | attr('__class__') }}",
    "{{ x() }}",
    "{{ x.format(y) }}",
    "{% include 'x' %}",
    "{% import 'os' as os %}{{ x }}",
    "{% extends x %}",
    "{% macro m() %}{{ x }}{% endmacro %}",
    "{% set y = x %}{{ y }}",
    "{% block b %}{{ x }}{% endblock %}",
    "{% call x() %}{% endcall %}",
    "{% filter upper %}{{ x }}{% endfilter %}",
    "{{ 'a' * 1000000000 }}{{ x }}",
    "{{ '%s' % x }}",
    "{{ 9 ** 99999 }}{{ x }}",
    "{{ x + x }}",
    "{{ range(1000000000) }}{{ x }}",
    "{% for i in range(10) %}{{ x }}{% endfor %}",
    "{{ x[y] }}",
    "{{ x[::2] }}",
    "{{ x | map('upper') }}",
    "{{ x | tojson(indent=1000000) }}",
    "{{ x | replace('a') }}",
    "{{ x is defined }}",
    "{{ [x, x] }}",
    "{{ {'a': x} }}",
    "{% for a in x recursive %}{{ loop(a) }}{% endfor %}",
    "{% with y = x %}{{ y }}{% endwith %}",
    "{% raw %}{% endraw",
    "{{ x",
    "plain words",
    "{{ " + "(" * 3000 + "x" + ")" * 3000 + " }}",
    "{% if x %}" * 100 + "{% endif %}" * 100,
    "{{ x }}" + " " * 20_000,
)


def rendered(text, most=100_000, **columns):
    batch = pa.record_batch({name: pa.array(values) for name, values in columns.items()})
    return Render(template=text, most_characters=most).rewrite(batch, None)["text"].to_pylist()


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_what_is_not_allowed_is_refused_or_finds_nothing(text):
    try:
        found = rendered(text, x=["secret"], y=["x"])
    except ValidationError as error:
        assert "template" in str(error)
    else:
        assert found == [""]  # a dot is a key, and text has none


def test_a_refusal_says_the_line_and_what_there_is():
    with pytest.raises(ValidationError, match=r"line 2: a call is not allowed; there are \{\{ column \}\}"):
        Render(template="{{ x }}\n{{ x() }}")
    with pytest.raises(ValidationError, match="no filter 'uper'; did you mean 'upper'"):
        Render(template="{{ x | uper }}")


def test_a_row_that_grows_too_long_or_loops_too_often_is_quarantined():
    many = [["a"] * 2000]
    for text, why in (
        ("{% for a in x %}{% for b in x %}{% for c in x %}{% endfor %}{% endfor %}{% endfor %}", "steps"),
        ("{% for a in x %}{% for b in x %}12345{% endfor %}{% endfor %}", "longer than"),
        ("{{ x | join('" + "-" * 200 + "') }}", "longer than"),
        ("{{ x | join | replace('a', '" + "b" * 200 + "') }}", "longer than"),
    ):
        with pytest.raises(RowError, match=why):
            rendered(text, x=many)
    with pytest.raises(RowError, match="longer than 5 characters") as error:
        rendered("{{ x }}", most=5, x=["12345", "123456"])
    assert error.value.position == 1


@given(st.lists(st.tuples(st.none() | st.text(max_size=5), st.none() | st.text(max_size=5)), min_size=1, max_size=4))
def test_plain_templates_give_the_same_with_and_without_a_loop(rows):
    columns = {"a": pa.array([a for a, _ in rows], pa.string()), "b": pa.array([b for _, b in rows], pa.string())}
    batch = pa.record_batch(columns)
    operator = Render(template="x{{ a }}\n{{ b }}{{ a }}")
    assert operator.rewrite(batch, None)["text"].to_pylist() == operator._by_row(batch).to_pylist()


TEMPLATES = (
    "{{ x }}",
    "{% if x %}yes{% elif y %}{{ y | length }}{% else %}no{% endif %}",
    "{% for a in y %}{{ loop.index }}{{ a }}{% if not loop.last %},{% endif %}{% endfor %}",
    "{{ z.k }}|{{ z['k'] | upper }}",
    "{{ x ~ '-' ~ x }}",
    "{{ y | length }}{{ y | first }}{{ y | join(', ') }}",
    "{{ x | trim | title }}",
    "{{ 'a' if x == 'a' else 'b' }}",
    "{{ x and 'one' or 'two' }}",
    "{% for a in y %}{{ a }}{% else %}none{% endfor %}",
    "{{ 'a' in x }}",
    "a\n{% if x %}\nb\n{% endif %}\nc",
)


@given(st.sampled_from(TEMPLATES), st.text("ab cD\n", max_size=5), st.lists(st.text("ab", max_size=3), min_size=1, max_size=3), st.text(max_size=3))
def test_what_is_allowed_means_what_it_means_in_jinja(text, x, y, k):
    values = {"x": x, "y": y, "z": {"k": k}}
    theirs = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True).from_string(text).render(values)
    assert template(text).render(values, 10_000).replace("true", "True").replace("false", "False") == theirs


def test_values_are_shown_as_data_writes_them():
    assert rendered("{{ a }}|{{ b }}|{{ c }}|{{ d }}", a=[None, 1], b=[True, False], c=[["é"], []], d=[{"k": 1.5}, None]) == [
        '|true|["é"]|{"k": 1.5}',
        "1|false|[]|",
    ]
