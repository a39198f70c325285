"""A text column made of other columns by a template."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field, field_validator

from tools.contract import ANY, Card, Columns, Desk, Example, Rewrite, Types
from tools.errors import RecipeError, RowError
from tools.template import Template, template
from tools.template_filters import TooMuch

MOST = 500_000  # characters a row: a batch of rows stays below what one array can hold


class Render(Rewrite):
    """Add a column of text by a template over columns, written as in Jinja.

    `{{ column }}` is a value, nothing where it is null; `{{ turn.content }}` a key of a record; `{% if %}`, `{% for turn in messages %}`
    (with `loop.first`, `loop.last`, `loop.index`), comparisons, `~` and a few filters are there: trim, upper, lower, capitalize, title, length,
    first, last, join, replace, default, truncate, tojson. Nothing else is: no calls, no arithmetic, no attributes, so that a
    template can neither run code nor reach anything but its row. Lists and records are shown as JSON, and the line break
    behind a `{% … %}` is left out. A row whose text grows beyond `most_characters` is quarantined.
    """

    template: str = Field(min_length=1, description="The template, such as: Question: {{ question }}")
    column: str = Field(default="text", min_length=1, description="The column to add or to replace.")
    most_characters: int = Field(default=100_000, ge=1, le=MOST, description="Most characters of a row's text.")

    card: ClassVar[Card] = Card(
        stage="format",
        adds={"text": pa.string()},
        takes_nulls=True,
        exact=True,
        rows_per_batch=1000,
        micros_per_row=5.0,
        proof="37 templates that attack or outgrow are refused or find nothing; what is allowed gives what Jinja gives (2026-11-28)",
        aliases=(
            "prompt template",
            "fill in a template",
            "render a template",
            "jinja template",
            "format each row as text",
            "put columns into a text",
            "Alpaca prompt text",
            "make one text out of columns",
            "text column from a template",
            "conversation as plain text",
        ),
        not_for=("computed values: use derive", "a tokenizer's chat template", "chat turns: use to_messages"),
        examples=(
            Example(
                params={"template": "Q: {{ question }}\n{% if hint %}\nHint: {{ hint | trim }}\n{% endif %}\nA:"},
                given={"question": ["Why?", "How?"], "hint": [" Think. ", None]},
                gives={"text": ["Q: Why?\nHint: Think.\nA:", "Q: How?\nA:"]},
            ),
            Example(
                params={"template": "{% for turn in messages %}{{ turn.role }}: {{ turn.content }}{% if not loop.last %} | {% endif %}{% endfor %}"},
                given={"messages": [[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]]},
                gives={"text": ["user: Hi | assistant: Ho"]},
            ),
            Example(
                params={"template": "{{ title }}\n\n{{ body }}", "column": "body"},
                given={"title": ["A", None], "body": ["b", "c"]},
                gives={"body": ["A\n\nb", "\n\nc"]},
            ),
        ),
    )

    @field_validator("template")
    @classmethod
    def _is_admitted(cls, value: str) -> str:
        try:
            template(value)
        except RecipeError as error:
            raise ValueError(str(error)) from None
        return value

    @property
    def filled(self) -> Template:
        return template(self.template)

    def reads(self) -> Types:
        return dict.fromkeys(sorted(self.filled.columns), ANY)

    def adds(self, given: Types) -> Types:
        return {self.column: pa.string()}

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        found = self._joined(batch)
        return {self.column: self._by_row(batch) if found is None else found}

    def _joined(self, batch: pa.RecordBatch) -> pa.Array | None:
        """Texts and columns of text one behind the other, without a loop; none where the template is more, or a row is too long."""
        pieces = self.filled.pieces
        if pieces is None or not all(pa.types.is_string(batch[name].type) for name, is_column in pieces if is_column) or not self.filled.columns:
            return None
        parts = [pc.fill_null(batch[text], "") if is_column else pa.scalar(text) for text, is_column in pieces]
        sizes = pa.array([sum(len(text) for text, is_column in pieces if not is_column)] * len(batch), pa.int64())
        for part in parts:
            sizes = pc.add(sizes, pc.utf8_length(part)) if isinstance(part, pa.Array) else sizes
        if len(batch) and pc.max(sizes).as_py() > self.most_characters:
            return None
        return pc.binary_join_element_wise(*parts, "")

    def _by_row(self, batch: pa.RecordBatch) -> pa.Array:
        columns = {name: batch[name].to_pylist() for name in self.filled.columns}
        made: list[str] = []
        for row in range(len(batch)):
            try:
                made.append(self.filled.render({name: values[row] for name, values in columns.items()}, self.most_characters))
            except TooMuch as error:
                raise RowError(row, str(error)) from None
        return pa.array(made, pa.string())
