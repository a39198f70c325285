"""Plans with a small model: it first chooses operators, then fills in one at a time; the order and the edges are ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agents.rules.clauses import split
from tools.cards import Summary
from workflows.recipe import Step

from .agreement import same_part
from .answers import Claim, Fault, PlanSaid, Reader, Unfit, WordsSaid
from .judging import Judge, Proposal
from .talk import Talk
from .view import of_filling, words_of

MOST_CHOSEN = 10


@dataclass(frozen=True)
class InTwoCalls:
    """One plan, asked for in small questions."""

    talk: Talk
    judge: Judge
    values: bool

    def plan(self) -> Proposal | WordsSaid:
        """Raises Unfit and what the gateway raises."""
        view = self.judge.view
        chosen = self.talk.about(view.messages, view.schema, self._choice)
        if isinstance(chosen, WordsSaid):
            return chosen
        while True:
            steps, claims = self._filled(chosen)
            try:
                return self.judge.planned(PlanSaid(tuple(steps)), claims)
            except Unfit as unfit:
                if not self.talk.repairs:
                    raise
                self.talk.repairs -= 1
                chosen = self._without(chosen, steps, unfit)

    def _choice(self, data: Mapping[str, Any]) -> Sequence[tuple[str, tuple[str, ...]]] | WordsSaid:
        chosen = Reader(self.judge.view.cards).choice(data)
        if isinstance(chosen, WordsSaid):
            return self.judge.words(chosen)
        if sum(len(names) for _, names in chosen) > MOST_CHOSEN:
            raise Unfit(Fault("clauses", "choose too many operators", f"at most {MOST_CHOSEN}"))
        return chosen

    def _filled(self, chosen: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[list[Step], list[Claim]]:
        steps: list[Step] = []
        claims = []
        for part, names in chosen:
            ids = []
            for name in names:
                ids.append(self._free(name, steps))
                steps.append(self._fill(self.judge.view.cards[name], ids[-1], part, steps))
            claims.append(Claim(part, tuple(ids)))
        return steps, claims

    def _fill(self, card: Summary, name: str, part: str, before: Sequence[Step]) -> Step:
        words = words_of(self.judge.situation)
        part = next((phrase.text for phrase in split(words) if same_part(part, phrase.text)), words)
        told = [f"{step.id} ({step.op.partition('@')[0]})" for step in before]
        view = of_filling(self.judge.situation, self.judge.sight, card, part, told, self.values)
        reader = Reader(view.cards, view.files)
        return self.talk.about(view.messages, view.schema, lambda data: reader.step({**data, "id": name, "op": card.name, "from": []}, name))

    def _without(self, chosen: Sequence[tuple[str, tuple[str, ...]]], steps: Sequence[Step], unfit: Unfit) -> Sequence[tuple[str, tuple[str, ...]]]:
        """The choice less the steps that are at fault: what they were to answer is then said to be unclear."""
        at_fault = {step.id for step in steps if any(_speaks_of(fault, step.id) for fault in unfit.faults)}
        if not at_fault:
            raise unfit
        left = iter(steps)
        kept = [(part, tuple(name for name in names if next(left).id not in at_fault)) for part, names in chosen]
        if not any(names for _, names in kept):
            raise unfit
        return kept

    def _free(self, name: str, steps: Sequence[Step]) -> str:
        taken = {step.id for step in steps} | set(self.judge.sight.tables)
        return next(one for number in range(1, len(taken) + 2) if (one := name if number == 1 else f"{name}_{number}") not in taken)


def _speaks_of(fault: Fault, step: str) -> bool:
    place = fault.path.removeprefix("step ")
    return place == step or place.startswith(f"{step}.")
