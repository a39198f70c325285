"""The one error tree.

WinnowError
├── RecipeError     the recipe, goal or input cannot run as written   → show place, value and mend
├── ContractError   an operator broke its card                         → show operator, column, wanted, got
└── RowError        one row cannot be processed                        → quarantine the row, count it, go on
"""


class WinnowError(Exception):
    """Base of all errors that winnow raises on purpose; its text is fit to show to a person as it stands."""


class RecipeError(WinnowError):
    """The recipe, the goal or an input cannot run as written; the message names place, value and mend."""


class ContractError(WinnowError):
    """An operator returned something else than its card declares."""


class RowError(WinnowError):
    """One row cannot be processed; the engine quarantines it under `reason` and goes on with the rest."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(f"row {position} of the batch: {reason}")
        self.position = position
        self.reason = reason

    def __reduce__(self) -> tuple[type["RowError"], tuple[int, str]]:
        return RowError, (self.position, self.reason)
