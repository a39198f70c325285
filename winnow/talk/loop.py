"""The loop of `winnow chat`: a message is an order, or goes to the planner; after each the person sees where things stand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agents.author.wishes import ACCEPTS, wish_of
from agents.conversation.state import State, Version, version_of
from agents.conversation.talk import Conversation
from agents.rules.turns import read_order
from agents.turns import Situation, Turn
from tools.errors import WinnowError
from winnow import render, show
from winnow.answer import Answer, BadUsage
from workflows import runs

from . import orders, shown

NOTHING_YET = "What shall be done with the rows? Say it before `run`."
NOT_RUN = "Nothing was run; end with the message `run`."


class Talk:
    """One conversation at a terminal, or read from a script."""

    def __init__(self, conversation: Conversation, given: dict[str, Any], *, is_script: bool, is_quiet: bool, overwrites: bool = False) -> None:
        self._talk, self._given = conversation, given
        self._is_script, self._is_quiet = is_script, is_quiet
        self._overwrites = overwrites
        self._open: tuple[str, str] | None = None  # how a wish was not met, and what was said of it, until that is settled
        self.answer: Answer | None = None  # of the last run

    def hear(self, messages: Iterator[str]) -> Answer:
        """Go through the messages until one says quit or, in a script, run. What came of it."""
        for message in messages:
            try:
                if not self._hear(message):
                    break
            except WinnowError as error:
                render.say(f"error: {error}")
                if self._is_script:
                    return self._ended("failed", str(error))
            except KeyboardInterrupt:
                if self._is_script:
                    raise
                render.say("stopped; what was said before still holds")
                self._talk.proceed()
        return self.answer or self._ended(*self._unanswered())

    def has_told(self, answer: Answer) -> bool:
        """Whether the person has read what the answer says already."""
        return not self._is_quiet and self._open is not None and answer.message == self._open[1]

    def _hear(self, message: str) -> bool:
        if self._talk.began and self._authored(message):
            return True
        order = read_order(message, self._situation(message))
        if order is None:
            then = self._say(message)
            return self._hear(then) if then else True
        name = order.order
        assert name is not None
        if name == "quit":
            return False
        if name == "run":
            return self._run()
        if name == "help" or self._talk.began:
            self._order(order)
        else:
            render.say(NOTHING_YET)
        if order.then:
            return self._hear(order.then)
        return True

    def _authored(self, message: str) -> bool:
        """An operator is to be written, or one that was written is taken."""
        state = self._talk.state
        if ACCEPTS.fullmatch(message) and state.get("proposal"):
            state = self._talk.accept(message)
        elif (wish := wish_of(message, state.get("turn", {}))) is not None:
            state = self._talk.write(wish, message)
        else:
            return False
        self._note(message, state)
        if not self._is_quiet:
            shown.turn(state)
        return True

    def _situation(self, message: str) -> Situation:
        if self._talk.began:
            return self._talk.situation(message)
        return Situation(message=message, inputs=self._given["inputs"], output=self._given["output"], cache=self._talk.kit.store.cache)

    def _say(self, message: str) -> str:
        """What of the message is to be heard as one of its own."""
        state = self._talk.say(message) if self._talk.began else self._talk.begin(message, **self._given)
        self._note(message, state)
        if not self._is_quiet:
            shown.turn(state)
        return str(state.get("turn", {}).get("then", ""))

    def _order(self, order: Turn) -> None:
        name = order.order
        assert name is not None
        if name in orders.MOVES:
            state = orders.MOVES[name](self._talk, order.of)
            self._open = None
            if not self._is_quiet:
                shown.recipe(state)
        else:
            orders.look(self._talk, name, order.of)

    def _run(self) -> bool:
        """True: the conversation goes on."""
        status, message = self._unanswered()
        if version_of(self._talk.state) is None or (self._is_script and message != NOT_RUN):
            if self._is_script:
                self.answer = self._ended(status, message)
                return False
            render.say(f"question: {message}")
            return True
        with render.progress() as progress:
            self._talk.kit.progress = progress
            state = self._talk.approve(by="policy" if self._is_script else "person", overwrite=self._overwrites)
        self.answer = self._came_of(state)
        if self.answer.status != "done":
            render.say(f"error: {self.answer.message}")
        return not self._is_script

    def _came_of(self, state: State) -> Answer:
        """The answer of a run, or why there was none."""
        name, failure = state.get("run"), state.get("failure")
        if name is None or failure:
            return self._ended("refuse" if state.get("decision", {}).get("refused") else "failed", failure or NOT_RUN)
        manifest = runs.manifest_of(self._talk.kit.store, name)
        assert manifest.result is not None
        done = runs.Finished(folder=runs.find(self._talk.kit.store, name), manifest=manifest, books=manifest.result)
        if not self._is_quiet:
            show.finished(done, to_stderr=True)
        return show.answer(done, warnings=list(manifest.result.warnings), **self._told())

    def _unanswered(self) -> tuple[Any, str]:
        """Why nothing can be run as things stand; else that nothing was run yet."""
        if not self._talk.began:
            return "ask", NOTHING_YET
        return self._open or ("ask", NOT_RUN if version_of(self._talk.state) else NOTHING_YET)

    def _note(self, message: str, state: State) -> None:
        """A question stays open while other wishes follow: the goal does not hold what it was about."""
        turn, version = state["turn"], version_of(state)
        if turn["kind"] in ("ask", "refuse"):
            self._open = self._open or (turn["kind"], turn["message"])
        elif turn["kind"] == "tell" or version is None or not version.said or version.said[-1] != message:
            self._open = None  # left as it is, or completed by the answer

    def _ended(self, status: Any, message: str) -> Answer:
        made = Answer(status=status, message=message)
        for key, value in self._told().items():
            setattr(made, key, value)
        return made

    def _told(self) -> dict[str, Any]:
        """How the goal was read, for machines."""
        state = self._talk.state if self._talk.began else {}
        version = version_of(state) or Version(recipe="")
        unclear = list(version.unclear) or list(state.get("turn", {}).get("unclear", ()))
        evidence = {one["clause"]: one for one in state.get("evidence", [])}
        clauses = [
            {"text": one.text, "steps": list(one.steps), "evidence": one.evidence, "found": evidence.get(one.text, {}).get("says", "")}
            for one in version.clauses
        ]
        return {"planner": version.planner, "clauses": clauses, "unclear": unclear, "suggestions": list(version.suggestions)}


def from_script(script: Path) -> Iterator[str]:
    """The messages of a file, one a line. Raises BadUsage where it cannot be read."""
    try:
        text = script.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadUsage(f"--script {str(script)!r} cannot be read: {error}") from None
    return iter([line.strip() for line in text.splitlines() if line.strip()])
