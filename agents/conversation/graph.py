"""The graph: plan → validate → preview → critique → review, and from there to run and report, or back."""

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from . import nodes
from .nodes import Kit
from .state import State

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph

MOST_STEPS = 60  # of the graph between two answers of a person
WAYS: Mapping[str, tuple[str, ...]] = {
    "plan": ("validate", "review"),
    "validate": ("preview", "plan", "review"),
    "preview": ("critique", "plan", "review"),
    "critique": ("review", "plan"),
    "review": ("plan", "preview", "run", "review", "__end__"),
    "run": ("report", "review"),
    "report": ("review",),
}

os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"  # read when langgraph is imported: a checkpoint builds no objects
os.environ["LANGSMITH_TRACING"] = "false"  # nothing of a conversation goes anywhere


def build(kit: Kit, saver: "BaseCheckpointSaver[Any] | None") -> "CompiledStateGraph[Any, Any, Any, Any]":
    """The graph over this kit, its state kept by the saver."""
    from langgraph.graph import START, StateGraph
    from langgraph.types import interrupt

    def review(state: State, kit: Kit) -> nodes.Step:
        decision = interrupt({"at": state.get("at", -1)})  # first and alone: a node begins anew when it is resumed
        return nodes.route(state, decision)

    graph: StateGraph[State, Any, Any, Any] = StateGraph(State)
    work = {"plan": nodes.plan, "validate": nodes.validate, "preview": nodes.try_out, "critique": nodes.critique, "review": review}
    for name, node in (work | {"run": nodes.run, "report": nodes.report}).items():
        graph.add_node(name, _node(node, kit), destinations=WAYS[name])
    graph.add_edge(START, "plan")
    return graph.compile(checkpointer=saver)


def resuming(decision: Mapping[str, object]) -> Any:
    """A person's answer to what `review` waits for."""
    from langgraph.types import Command

    return Command(resume=dict(decision))


def _node(work: Callable[[State, Kit], nodes.Step], kit: Kit) -> Any:
    from langgraph.types import Command

    def node(state: State) -> Any:
        goto, update = work(state, kit)
        return Command(goto=goto, update=update)

    return node
