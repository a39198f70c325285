"""A client of the MCP server in this process."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal
from mcp import Client
from mcp_types import CallToolResult, Tool

from winnow.mcp.grants import Grants
from winnow.mcp.meant import House
from winnow.mcp.server import Server, server_of
from workflows.store import Store, find_home


@dataclass(frozen=True)
class Talk:
    """One session. The SDK's client holds every answer to the schema that the tool declares."""

    portal: BlockingPortal
    client: Client

    def ask(self, tool: str, **arguments: object) -> CallToolResult:
        return self.portal.call(partial(self.client.call_tool, tool, arguments))

    def answer(self, tool: str, **arguments: object) -> dict[str, Any]:
        """Of a call that must go well."""
        result = self.ask(tool, **arguments)
        assert not result.is_error, said(result)
        assert result.structured_content is not None
        return result.structured_content

    def refused(self, tool: str, **arguments: object) -> str:
        """Of a call that must not."""
        result = self.ask(tool, **arguments)
        assert result.is_error, result.structured_content
        return said(result)

    def tools(self) -> list[Tool]:
        return self.portal.call(self.client.list_tools).tools


Serve = Callable[..., Talk]


def serving(stack: ExitStack, portal: BlockingPortal, folder: Path) -> Serve:
    def serve(*others: Path, run: bool = False, save: bool = False, only: Path | None = None) -> Talk:
        client = Client(server_in(only or folder, *others, run=run, save=save))
        return Talk(portal, stack.enter_context(portal.wrap_async_context_manager(client)))

    return serve


def server_in(folder: Path, *others: Path, run: bool = False, save: bool = False) -> Server:
    roots = tuple(Path(root).resolve() for root in (folder, *others))
    return server_of(House(grants=Grants(roots=roots, may_run=run, may_save=save), store=Store(find_home(folder))))


def said(result: CallToolResult) -> str:
    return "".join(getattr(part, "text", "") for part in result.content)
