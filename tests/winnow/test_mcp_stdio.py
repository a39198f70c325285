"""The MCP server as a client starts it: a process of its own, JSON-RPC on its streams and nothing else."""

import os
from pathlib import Path

import anyio
from mcp import Client
from mcp.client.session import IncomingMessage
from mcp.client.stdio import StdioServerParameters, stdio_client

from tests.winnow.asking import said
from tests.winnow.conftest import Call

ROOT = Path(__file__).resolve().parents[2]


def test_a_client_that_takes_the_printed_entry_gets_from_a_goal_to_rows(folder: Path, call: Call, tmp_path: Path):
    entry = call("mcp", "--json", "--allow-run", "--root", ".").json["mcpServers"]["winnow"]  # type: ignore[index]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "json.py").write_text("raise SystemExit('a module of the folder was imported')")
    environment = {"PYTHONPATH": str(ROOT), "XDG_STATE_HOME": os.environ["XDG_STATE_HOME"], "WINNOW_KERNELS": "ready"}
    phases: list[str | None] = []
    stray: list[Exception] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        phases.append(message)

    async def came(message: IncomingMessage) -> None:
        if isinstance(message, Exception):  # a line that is no JSON-RPC
            stray.append(message)

    async def talked(client: Client) -> None:
        async def asked(tool: str, **arguments: object) -> dict[str, object]:
            result = await client.call_tool(tool, arguments, progress_callback=progress)
            assert not result.is_error, said(result)
            assert result.structured_content is not None
            return result.structured_content

        assert len((await client.list_tools()).tools) == 14
        recipe = (await asked("plan", goal="at least 3 words, no duplicates", inputs="chat.jsonl", output="out.jsonl"))["recipe"]
        assert (await asked("check", recipe=recipe))["sound"]
        assert (await asked("run", recipe=recipe))["status"] == "dry_run"
        assert not (folder / "out.jsonl").exists()
        assert (await asked("run", recipe=recipe, dry_run=False))["books"]["rows_out"] == 4  # type: ignore[index]
        assert "no tool 'exec'" in said(await client.call_tool("exec", {}))

    async def main() -> None:
        with (tmp_path / "err").open("w") as err:
            transport = stdio_client(StdioServerParameters(**entry, env=environment, cwd=elsewhere), errlog=err)
            async with Client(transport, message_handler=came) as client:
                await talked(client)

    anyio.run(main)
    assert len((folder / "out.jsonl").read_text().splitlines()) == 4
    assert "writing" in phases
    assert not stray
    assert (tmp_path / "err").read_text().splitlines() == [
        f"winnow serves MCP over stdin and stdout, beneath {folder.resolve()}; runs allowed, storing not allowed"
    ]
