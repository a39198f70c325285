"""The planner of rules in a conversation: the first message is a goal, each later one an order, a change of what is there, or an addition."""

from dataclasses import dataclass, replace

from agents.turns import Situation, Turn
from workflows.store import Store

from .followups import answers, asides, changing
from .followups.orders import order_of
from .followups.outcome import Now
from .followups.said import LONGEST, meant
from .similar import similar


def read_order(message: str, situation: Situation) -> Turn | None:
    """What the conversation itself is told to do; None: the message is for a planner. `then` holds what else it says."""
    if len(message) > LONGEST:
        return None
    found = order_of(message, situation)
    return found if found is not None else asides.order_first(message, situation)


@dataclass(frozen=True)
class RulesPlanner:
    """Answers at once, without a model, the same every time. With a store it says of a first goal which recipe in it does nearly that."""

    store: Store | None = None

    def turn(self, situation: Situation) -> Turn:
        """What becomes of the message. Raises RecipeError for an input that cannot be read."""
        if situation.findings:
            return _gives_up(situation)
        order = read_order(situation.message, situation)
        if order is not None:
            return order
        if situation.recipe is None:
            return self._offering(answers.completed(situation), situation)
        return changing.changed(Now(situation.recipe, replace(situation, message=meant(situation.message))))

    def _offering(self, turn: Turn, situation: Situation) -> Turn:
        if self.store is None or turn.kind != "change" or turn.recipe is None:
            return turn
        found = similar(turn.said or situation.message, turn.recipe, Now(turn.recipe, situation).columns, self.store)
        return replace(turn, suggestions=(found.told, *turn.suggestions)) if found else turn


def _gives_up(situation: Situation) -> Turn:
    """Rules answer the same again: what does not hold is told."""
    return Turn(
        kind="ask",
        message=f"That does not hold: {situation.findings[0]}. Say it in other words?",
        recipe=situation.recipe,
        clauses=situation.clauses,
        unclear=(situation.message,),
        counts=False,
    )
