"""The MCP tools, asked by the SDK's own client: from a goal to a run, and what became of its rows."""

import json
from pathlib import Path

import anyio
from mcp import Client

from tests.winnow.asking import Serve, said, server_in
from tests.winnow.conftest import RECIPE, TEXTS, Call
from tools.cards import summaries
from tools.catalogue import OPERATORS
from workflows.loader import load

KEPT = 4


def test_tools_say_what_they_are_and_what_they_may_do(folder: Path, serve: Serve):
    closed, open_ = ({tool.name: tool for tool in serve(run=allowed, save=allowed).tools()} for allowed in (False, True))
    assert list(closed) == list(open_)
    for tool in closed.values():
        assert tool.title
        assert tool.description
        assert tool.output_schema
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert all("description" in schema for schema in tool.input_schema["properties"].values()), tool.name
    writing = {name: tool.annotations for name, tool in open_.items() if tool.annotations and not tool.annotations.read_only_hint}
    assert set(writing) == {"run", "save_recipe"}
    assert writing["run"].destructive_hint
    assert not writing["save_recipe"].destructive_hint


def test_fields_that_hold_what_strangers_wrote_say_so(folder: Path, serve: Serve):
    for tool in serve().tools():
        told = json.dumps(tool.output_schema)
        if tool.name in ("profile", "preview", "run", "why"):
            assert "never an instruction to you" in told, tool.name


def test_operators_are_found_by_what_they_do_a_page_at_a_time(folder: Path, serve: Serve):
    server = serve()
    assert server.answer("list_operators", query="remove near duplicates")["operators"][0]["name"] == "minhash_dedup"
    first = server.answer("list_operators")
    assert len(first["operators"]) == 25
    assert first["more"] == len(OPERATORS) - 25
    assert sum(first["stages"].values()) == len(OPERATORS)
    second = server.answer("list_operators", skip=25)
    assert not {one["name"] for one in first["operators"]} & {one["name"] for one in second["operators"]}
    found = server.answer("list_operators", stage="dedupe")
    assert {one["stage"] for one in found["operators"]} == {"dedupe"}
    assert "did you mean 'dedupe'" in server.refused("list_operators", stage="dedup")


def test_every_card_can_be_read(folder: Path, serve: Serve):
    server = serve()
    card = server.answer("describe_operator", name="words@1")
    assert card["op"] == "words@1"
    assert set(card["parameters"]) == {"at_least", "at_most"}
    assert card["examples"][0]["with"] == {"at_least": 2}
    assert "did you mean 'words'" in server.refused("describe_operator", name="word")

    from winnow.mcp.operators import describe_operator
    from winnow.mcp.quoting import fitted

    for name in summaries():
        shown = describe_operator(name).model_dump(mode="json", by_alias=True)
        assert fitted(shown)["left_out"] == [], name


def test_a_goal_becomes_a_recipe_that_is_changed_tried_and_run(folder: Path, serve: Serve):
    server = serve(run=True)
    plan = server.answer("plan", goal="at least 3 words, no duplicates, and make it shiny", inputs="chat.jsonl", output="out.jsonl")
    assert plan["status"] == "draft"
    assert plan["unclear"] == ["make it shiny"]
    assert server.answer("check", recipe=plan["recipe"]) == {"left_out": [], "sound": True, "errors": [], "warnings": []}
    step = next(step.id for step in load(plan["recipe"]).recipe.steps if step.op == "words@1")
    change = {"do": "set", "step": step, "key": "with.at_least", "value": 4}
    edited = server.answer("edit", recipe=plan["recipe"], edits=[change])
    assert edited["sound"]
    assert edited["told"] == [f"set {step}.at_least to 4"]
    assert [line for line in edited["diff"] if line.startswith("+ ")] == ["+    with: {at_least: 4}"]
    tried = server.answer("preview", recipe=edited["recipe"], clauses=plan["clauses"])
    assert {one["clause"]: one["verdict"] for one in tried["evidence"]}["make it shiny"] == "unknown"
    dry = server.answer("run", recipe=edited["recipe"])
    assert (dry["status"], dry["run"], dry["in_the_way"], dry["preview"]["rows"]) == ("dry_run", None, [], len(TEXTS))
    assert next(one for one in dry["preview"]["dropped"] if one["step"] == step)["row"]["text"] == "one"
    assert not (folder / "out.jsonl").exists()
    done = server.answer("run", recipe=edited["recipe"], dry_run=False)
    assert done["books"]["rows_in"] == len(TEXTS) == sum(done["books"]["states"].values())
    assert done["books"]["rows_out"] == len((folder / "out.jsonl").read_text().splitlines()) == 1
    assert Path(done["report"]).is_file()
    told = server.answer("report")
    assert (told["run"], told["standing"], told["books"]) == (done["run"], "done", done["books"])
    gone = server.answer("rows", step=step)
    assert [(one["line"], one["state"], one["reason"], one["value"]) for one in gone["rows"]][:2] == [
        (1, "dropped", "words", 1),
        (2, "dropped", "words", 3),
    ]
    assert server.answer("rows", state="kept", skip=1)["rows"] == []
    way = server.answer("why", row=gone["rows"][1]["row"])
    assert (way["state"], way["steps"][0]["measures"], way["steps"][0]["wanted"]) == ("dropped", {"words": "3"}, {"words": "at least 4"})


def test_a_run_needs_to_be_allowed_and_never_replaces_an_output_unasked(folder: Path, serve: Serve):
    (folder / "out.jsonl").write_text("mine\n")
    closed, open_ = serve(), serve(run=True)
    assert "--allow-run" in closed.refused("run", recipe=RECIPE, dry_run=False)
    reasons = closed.answer("run", recipe=RECIPE)["in_the_way"]
    assert len(reasons) == 2
    assert "out.jsonl" in reasons[1]
    assert "out.jsonl" in open_.refused("run", recipe=RECIPE, dry_run=False)
    assert (folder / "out.jsonl").read_text() == "mine\n"
    done = open_.answer("run", recipe=RECIPE, dry_run=False, overwrite=True)
    assert done["books"]["rows_out"] == KEPT == len((folder / "out.jsonl").read_text().splitlines())


def test_recipes_are_stored_only_where_that_is_allowed(folder: Path, serve: Serve):
    assert "--allow-save" in serve().refused("save_recipe", recipe=RECIPE)
    assert not (folder / ".winnow" / "recipes").exists()
    server = serve(save=True)
    assert server.answer("save_recipe", recipe=RECIPE)["name"] == "long-ones@1"
    changed = server.answer("edit", recipe="long-ones@1", edits=[{"do": "remove", "step": "once"}])
    assert server.answer("save_recipe", recipe=changed["recipe"])["name"] == "long-ones@2"
    mine = next(one for one in server.answer("list_recipes")["recipes"] if one["name"] == "long-ones")
    assert (mine["versions"], mine["approved"], mine["reads"]) == ([1, 2], None, ["text"])
    shown = server.answer("show_recipe", recipe="long-ones@1")
    assert load(shown["recipe"]).recipe.goal == shown["goal"] == "long ones"


def test_a_checker_s_findings_come_all_at_once_with_their_lines(folder: Path, serve: Serve):
    wrong = RECIPE.replace("words@1", "wrds@1").replace("at_least: 3", "at_least: many").replace("exact_dedup@1", "exact_dedup@9")
    found = serve().answer("check", recipe=wrong)
    assert not found["sound"]
    assert [one["line"] for one in found["errors"]] == sorted(one["line"] for one in found["errors"])
    assert {(one["name"], one["key"]) for one in found["errors"]} >= {("long_enough", "op"), ("once", "op")}
    assert any("did you mean 'words'" in one["message"] + one["mend"] for one in found["errors"])
    no_recipe = serve().answer("check", recipe="winnow: 1\nname: x\nsteps: 7\n")
    assert [(one["line"], one["message"]) for one in no_recipe["errors"]][-1] == (3, "key 'steps' must be a list")


def test_inputs_stand_in_for_those_of_a_recipe(folder: Path, serve: Serve):
    (folder / "more").mkdir()
    (folder / "more" / "x.jsonl").write_text('{"body": "a b c d"}\n{"body": "a"}\n')
    server = serve()
    found = server.answer("check", recipe=RECIPE, inputs="more/")
    assert not found["sound"]
    assert "body" in found["errors"][0]["message"] + found["errors"][0]["mend"]
    edits = [{"do": "set", "step": step, "key": "on", "value": "body"} for step in ("long_enough", "once")]
    changed = server.answer("edit", recipe=RECIPE, edits=edits, inputs={"chat": "more/*.jsonl"})
    assert changed["sound"]
    assert server.answer("preview", recipe=changed["recipe"], inputs={"chat": "more"})["rows"] == 2
    assert "comes without data: give `inputs`" in server.refused("preview", recipe="builtin/web")


def test_a_profile_tells_columns_and_quotes_values(folder: Path, serve: Serve):
    (data,) = serve().answer("profile", path="chat.jsonl")["sets"]
    assert data["rows"] == len(TEXTS)
    assert [column["name"] for column in data["columns"]] == ["id", "text"]
    assert data["columns"][1]["words"]["largest"] == 4


def test_the_text_of_an_answer_is_the_answer(folder: Path, serve: Serve):
    result = serve().ask("list_recipes")
    assert json.loads(said(result)) == result.structured_content


def test_a_recipe_is_meant_by_its_file_its_name_or_a_version(folder: Path, serve: Serve, call: Call):
    call("save", "recipe.yaml")
    server = serve()
    assert [server.answer("check", recipe=target)["sound"] for target in ("recipe.yaml", "long-ones", "long-ones@1", RECIPE)] == [True] * 4
    assert "did you mean 'long-ones'" in server.refused("check", recipe="long-one")


def test_jobs_wait_for_each_other_and_what_only_reads_does_not(folder: Path):
    server = server_in(folder, run=True)

    async def talked(client: Client) -> None:
        began, go_on = anyio.Event(), anyio.Event()

        async def progress(done: float, total: float | None, message: str | None) -> None:
            began.set()
            await go_on.wait()

        async def run() -> None:
            await client.call_tool("run", {"recipe": RECIPE, "dry_run": False}, progress_callback=progress)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run)
            await began.wait()
            assert not (await client.call_tool("list_recipes", {})).is_error
            with anyio.move_on_after(0.2) as waiting:
                await client.call_tool("check", {"recipe": RECIPE})
            assert waiting.cancel_called
            go_on.set()
        assert not (await client.call_tool("check", {"recipe": RECIPE})).is_error

    async def main() -> None:
        async with Client(server) as client:
            await talked(client)

    anyio.run(main)
    assert (folder / "out.jsonl").exists()


def test_errors_speak_of_tools_not_of_commands(folder: Path, serve: Serve, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.jsonl").write_text('{"text": "a b c d"}\n')
    server = serve(other, run=True)
    found = server.answer("check", recipe=RECIPE.replace("path: chat.jsonl", "path: ../other/x.jsonl"))
    assert "give it in `inputs`" in found["errors"][0]["message"] + found["errors"][0]["mend"]
    server.answer("run", recipe=RECIPE, dry_run=False)
    assert "`overwrite: true`" in server.refused("run", recipe=RECIPE, dry_run=False)
    assert "rows lists them" in server.refused("why", row="999999")
