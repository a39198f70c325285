"""Split rows into training, validation and test."""

from typing import ClassVar, Literal, Self

import pyarrow as pa
from pydantic import Field, model_validator

from tools.contract import ANY, Card, Columns, Counts, Desk, Example, Quota, Rank, Types
from tools.errors import RecipeError

from .groups import is_plain


class Split(Rank):
    """Split into the ports `train`, `validation` and `test`, at random but the same for the same seed; no row is lost.

    With `by: group` all rows with the same value of the column `group` go to the same side, so that nothing leaks; a side
    then takes whole groups and may get a little less than its share. Validation fills first, then test; training gets the rest.
    """

    validation: float = Field(default=0.1, ge=0, le=1, description="Share of the rows for validation.")
    test: float = Field(default=0.0, ge=0, le=1, description="Share of the rows for test.")
    validation_rows: int | None = Field(default=None, ge=0, description="Rows for validation, instead of a share.")
    test_rows: int | None = Field(default=None, ge=0, description="Rows for test, instead of a share.")
    by: Literal["row", "group"] = Field(default="row", description="What stays together: nothing, or the rows of a group (column `group`).")

    card: ClassVar[Card] = Card(
        stage="select",
        ports=("train", "validation", "test"),
        exact=True,
        seeded=True,
        micros_per_row=0.3,
        aliases=(
            "train/val split",
            "train test split",
            "train/validation/test",
            "hold out 5%",
            "hold out rows for evaluation",
            "90/10",
            "80/10/10",
            "split into two parts",
            "validation set",
            "dev set",
            "split by group",
            "no leak between train and test",
            "keep all versions of a page on the same side",
        ),
        not_for=("a smaller data set: use random_sample", "removing known test questions: use decontaminate"),
        examples=(
            Example(params={"validation": 1.0}, given={"text": ["a", "b"]}, ports={"train": (), "validation": (0, 1)}),
            Example(params={"validation": 0.0}, given={"text": ["a", "b"]}, ports={"train": (0, 1)}),
            Example(
                params={"validation": 0.25, "test_rows": 3, "by": "group"},
                given={"group": ["a", "a", "a", "a"]},
                ports={"train": (0, 1, 2, 3), "validation": (), "test": ()},
            ),
        ),
    )

    @model_validator(mode="after")
    def _leaves_room(self) -> Self:
        if self.validation + self.test > 1 + 1e-9:
            raise ValueError(f"validation={self.validation!r} and test={self.test!r} are more than all rows together: shares add up to 1 at most")
        return self

    def ports(self) -> tuple[str, ...]:
        wanted = {"validation": self.validation if self.validation_rows is None else self.validation_rows}
        wanted["test"] = self.test if self.test_rows is None else self.test_rows
        return ("train", *(port for port, size in wanted.items() if size))

    def reads(self) -> Types:
        return {"group": ANY} if self.by == "group" else {}

    def adds(self, given: Types) -> Types:
        kind = given.get("group", pa.string())
        if not is_plain(kind):
            raise RecipeError(f"on: group is {kind}; name a column of texts, numbers or flags")
        return {}

    def order(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        if self.by == "row":
            return {"order": desk.draw()}
        return {"order": desk.draw(batch["group"]), "unit": batch["group"]}

    def quota(self, counts: Counts) -> dict[str, Quota]:
        rows = counts.rows.get(None, 0)
        held = {
            "validation": round(rows * self.validation) if self.validation_rows is None else self.validation_rows,
            "test": round(rows * self.test) if self.test_rows is None else self.test_rows,
        }
        return {port: Quota(rows=size) for port, size in held.items() if port in self.ports()} | {"train": Quota()}
