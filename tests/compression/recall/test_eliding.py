"""Which texts may lose lines at all, and what stands in the place of them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest

from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.document import Stage
from headroom_compression.formats.gap_markers import read_gap_marker
from headroom_compression.formats.gaps import Gap
from headroom_compression.formats.shell_paths import quoted
from headroom_compression.recall.eliding import ElidedText
from headroom_compression.recall.eliding import Forms
from headroom_compression.recall.eliding import RecallAccess
from headroom_compression.recall.eliding import elide_text
from headroom_compression.recall.elision import Elision
from headroom_compression.recall.store import UnwrittenStore
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.recall_sessions import RECALL
from tests.compression.support.recall_sessions import elided_run
from tests.compression.support.recall_sessions import name_of
from tests.compression.support.recall_sessions import run_of_tests

TEXT = run_of_tests(150)
CUTS = (
    "<elided_chars>\n4,120 characters elided\n</elided_chars>",
    "... [1,204 lines truncated] ...",
    "(output truncated)",
    "Full output saved to: /tmp/opencode/tool_3.txt",
)
MINIFIED = "".join(f"function f{number}(a,b){{return a*b+{number};}}var x{number}={{a:1}};" for number in range(300))
FOUND = "\n".join([f"1:{MINIFIED}", f"2:{MINIFIED}", "3:// the end", ""])
HEADER = "Chunk ID: 3e0888\nWall time: 0.1000 seconds\nProcess exited with code 0\nOriginal token count: 9\nOutput:\n"


def without_tests(cut: str) -> str:
    """The run as a client cuts it in the middle."""
    lines = TEXT.split("\n")
    return "\n".join([*lines[:60], cut, *lines[90:]])


def sent(output: object, call: Item | None = None, settings: Settings = RECALL) -> str:
    items = [call or command_call("pytest -v"), function_output(output)]
    return str(sent_items(compress_request_body(request_body(*items), settings).body)[-1]["output"])


def markers(text: str) -> list[tuple[int, int | None, str]]:
    found = [read_gap_marker(line) for line in text.split("\n")]
    return [(marker.count, marker.first, marker.path) for marker in found if marker]


def test_a_marker_says_which_lines_of_which_file_are_missing() -> None:
    assert markers(sent(TEXT)) == [(147, 5, f"/recall/{name_of(TEXT)}")]


def test_lines_are_counted_in_the_whole_text_with_its_header() -> None:
    text = HEADER + TEXT
    assert sent(text).startswith(HEADER)
    assert markers(sent(text)) == [(147, 10, f"/recall/{name_of(text)}")]


def test_what_an_envelope_holds_is_stored_as_it_is_sent() -> None:
    text = json.dumps({"output": TEXT, "metadata": {"exit_code": 1, "duration_seconds": 0.2}})
    plain = sent(text, settings=Settings())
    assert markers(sent(text)) == [(147, plain.split("\n").index(TEXT.split("\n")[3]) + 2, f"/recall/{name_of(plain)}")]


@pytest.mark.parametrize(
    ("text", "call"),
    [
        (run_of_tests(20), command_call("pytest -v")),
        (TEXT, command_call("cat results.txt")),
        (TEXT, command_call("sed -n 1,400p run.log")),
        (TEXT, function_call("read_file", {"path": "results.txt"})),
        (FOUND, command_call("grep -n f17 app.js")),
        (TEXT, command_call("./unknown")),
        (without_tests("tests/test_o…123 tokens truncated…PASSED [ 60%]"), command_call("pytest -v")),
        *((without_tests(cut), command_call("pytest -v")) for cut in CUTS),
        (TEXT.replace("150 passed", "149 passed"), command_call("pytest -v")),
        (sent(TEXT), command_call("pytest -v")),
        (TEXT.replace("collected", "[3 lines identical to lines 1-3 of a.py above]"), command_call("pytest -v")),
    ],
    ids=[
        "short",
        "a file",
        "a part of a file",
        "a file that a tool reads",
        "lines of a file that a search shows",
        "an unknown program",
        "cut by the client",
        *CUTS,
        "totals that do not add up",
        "gaps in it already",
        "a pointer in it already",
    ],
)
def test_goes_on_with_every_line(text: str, call: Item) -> None:
    assert sent(text, call) == sent(text, call, Settings())


def test_of_a_run_in_which_a_client_cut_one_line_both_sides_may_go() -> None:
    cut = TEXT.replace("test_orders_70 ", "test_or…123 tokens truncated… ")
    assert [(first, left_out) for left_out, first, _ in markers(sent(cut))] == [(5, 67), (77, 75)]


@pytest.mark.parametrize("cut", CUTS)
def test_what_a_client_cut_above_a_run_that_adds_up_is_no_hindrance(cut: str) -> None:
    assert len(markers(sent(TEXT.replace("collected", f"{cut}\ncollected")))) == 1


def test_the_output_of_an_unknown_call_goes_on_with_every_line() -> None:
    body = request_body(function_output(TEXT))
    assert compress_request_body(body, RECALL).body == body


def test_at_level_lossless_every_line_goes_on() -> None:
    assert sent(TEXT, settings=replace(RECALL, level="lossless")) == TEXT


def test_what_is_excluded_goes_on_with_every_line() -> None:
    assert sent(TEXT, settings=replace(RECALL, exclude_tools=("pytest*",))) == TEXT


def test_later_texts_do_not_refer_to_a_text_with_gaps() -> None:
    rows = "\n".join(TEXT.split("\n")[:60])
    items = [
        command_call("pytest -v", "one"),
        function_output(TEXT, "one"),
        command_call("head -60 out.txt", "two"),
        function_output(rows, "two"),
    ]
    assert sent_items(compress_request_body(request_body(*items), RECALL).body)[-1]["output"] == rows


@pytest.mark.parametrize(
    "command",
    [
        "nice -n 5 pytest -v",
        "docker compose run --rm web pytest -v",
        "podman exec web sh -c 'cd api && pytest -v'",
        "uv run --extra test pytest -v",
        "(cd api && pytest -v)",
        "pytest -v > out.txt 2>&1; tail -400 out.txt",
    ],
)
def test_a_run_is_known_behind_launchers(command: str) -> None:
    assert [count for count, _, _ in markers(sent(TEXT, command_call(command)))] == [147]
    asked = sent(TEXT, command_call(command.replace("pytest -v", "pytest -v -k orders_77")))
    assert "test_orders_77 " in asked
    assert sum(count for count, _, _ in markers(asked)) == 144


def test_a_path_is_quoted_where_a_shell_needs_it() -> None:
    settings = replace(RECALL, recall_dir="/Application Support/it's")
    text = sent(TEXT, settings=settings)
    assert f" of '/Application Support/it'\"'\"'s/{name_of(TEXT)}']" in text
    assert markers(text) == [(147, 5, f"/Application Support/it's/{name_of(TEXT)}")]


@pytest.mark.parametrize("folder", ["/a\nb", "/a]b", "/a\udcffb"])
def test_nothing_is_left_out_where_no_marker_can_name_the_folder(folder: str) -> None:
    assert sent(TEXT, settings=replace(RECALL, recall_dir=folder)) == TEXT


@pytest.mark.parametrize("opening", ["sed -n '5,9p' {}", "cat {} | head", "python -m headroom_addon recall show {}"])
def test_who_opens_an_original_by_its_quoted_path_gets_the_next_one_whole(opening: str) -> None:
    settings = replace(RECALL, recall_dir="/Application Support/it's", references="off")
    other = run_of_tests(160)
    path = quoted(f"/Application Support/it's/{name_of(TEXT)}")
    items = [
        command_call("pytest -v", "one"),
        function_output(TEXT, "one"),
        command_call(opening.format(path), "two"),
        function_output(TEXT, "two"),
        command_call("pytest -v b", "three"),
        function_output(other, "three"),
    ]
    outputs = sent_items(compress_request_body(request_body(*items), settings).body)[1::2]
    assert path in outputs[0]["output"]
    assert [output["output"] for output in outputs[1:]] == [TEXT, other]


def test_originals_are_there_before_the_request_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    settings = replace(RECALL, recall_dir=str(folder), recall_stores=True)
    assert "left out here" in sent(TEXT, settings=settings)
    assert (folder / name_of(TEXT)).read_bytes() == TEXT.encode()


def test_where_a_pointer_is_as_short_nothing_is_stored(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    settings = replace(RECALL, recall_dir=str(folder), recall_stores=True)
    file = [command_call("cat run.txt", "call_0"), function_output(TEXT, "call_0")]
    items = [*file, command_call("pytest -v"), function_output(TEXT)]
    output = sent_items(compress_request_body(request_body(*items), settings).body)[-1]["output"]
    assert "identical to lines" in output
    assert "left out here" not in output
    assert not list(tmp_path.glob("store/*.txt"))


def test_nothing_is_left_out_when_the_original_cannot_be_stored(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.write_text("a file is in the way")
    assert sent(TEXT, settings=replace(RECALL, recall_dir=str(folder), recall_stores=True)) == TEXT


def test_what_was_sent_with_gaps_stays_so_when_its_original_cannot_be_written_again(tmp_path: Path) -> None:
    settings, memory = replace(RECALL, recall_dir=str(tmp_path / "store"), recall_stores=True), Memory()
    items = [*elided_run(1), *elided_run(2, 160), *elided_run(3, 170)]
    first = compress_request_body(request_body(*items[:4]), settings, memory)
    path, other = (tmp_path / "store" / name_of(run_of_tests(count)) for count in (150, 160))
    path.unlink()
    path.mkdir()
    other.unlink()
    later = compress_request_body(request_body(*items), settings, memory)
    assert sent_items(later.body)[:4] == sent_items(first.body)
    assert later.body.count(b"left out here") == 3
    assert later.report.tool_texts == 1, "what was known is not counted again"
    assert other.read_text() == run_of_tests(160)


@pytest.mark.parametrize("ends_at", [1, 2, 4])
def test_originals_are_written_again_only_until_the_work_is_given_up(tmp_path: Path, ends_at: int) -> None:
    class GivenUp(Memory):
        items_until_then = 10

        def begin_item(self, end: int) -> None:
            assert request_body(*items)[end - 1 : end + 1] in (b"},", b"}]")
            self.items_until_then -= 1
            if not self.items_until_then:
                raise InterruptedError

    settings, memory = replace(RECALL, recall_dir=str(tmp_path / "store"), recall_stores=True), GivenUp()
    items = [*elided_run(1), *elided_run(2, 160)]
    compress_request_body(request_body(*items), settings, memory)
    paths = [tmp_path / "store" / name_of(run_of_tests(count)) for count in (150, 160)]
    for path in paths:
        path.unlink()
    memory.items_until_then = ends_at
    with pytest.raises(InterruptedError):
        compress_request_body(request_body(*items), settings, memory)
    assert [path.exists() for path in paths] == [ends_at > 2, False]


def leaving_out(start: int, stop: int, *instead: str, name: str = "stub", works_on: Stage = Stage.TERMINAL) -> Elision:
    gap = Gap(start, stop, f"{name} steps", instead=instead)
    module = ModuleType(f"headroom_compression.elisions.{name}")
    vars(module).update(WORKS_ON=works_on, find=lambda _document, _lines: [gap])
    return cast("Elision", module)


def elided_text(
    elisions: Sequence[Elision], refused: frozenset[tuple[str, str]] = frozenset(), steps: int = 400, header: str = ""
) -> ElidedText | None:
    text = header + "\n".join(
        f"step {number} of a long build, with some words that take room" for number in range(steps)
    )
    document = Document.of(text, read_call(command_call("make")))
    assert document.header == header
    return elide_text(Forms(document, document), RecallAccess(UnwrittenStore(Path("/recall")), refused), elisions)


def elided(*elisions: Elision, refused: frozenset[tuple[str, str]] = frozenset(), steps: int = 400) -> str | None:
    found = elided_text(elisions, refused, steps)
    return found.body if found else None


@pytest.mark.parametrize("may", [True, False])
def test_the_lines_on_both_sides_of_a_cut_are_given_to_those_that_may(may: bool) -> None:  # noqa: FBT001  a column
    module = ModuleType("headroom_compression.elisions.stub")
    given: list[tuple[str, str]] = []

    def find(document: Document, lines: list[str]) -> list[Gap]:
        given.append((lines[0], lines[-1]))
        assert "truncated…" in document.body
        return [Gap(0, len(lines), "stub steps")]

    vars(module).update(WORKS_ON=Stage.TERMINAL, WORKS_BESIDE_CUTS=may, find=find)
    steps = [f"step {number} of a long build, with some words that take room" for number in range(200)]
    steps[120] = "step 120 of a lo…912 tokens truncated…that take room"
    document = Document.of("\n".join(steps), read_call(command_call("make")))
    access = RecallAccess(UnwrittenStore(Path("/recall")), frozenset())
    found = elide_text(Forms(document, document), access, [cast("Elision", module)])
    assert given == ([(steps[0], steps[118]), (steps[122], steps[199])] if may else [])
    gaps = [marker for line in found.body.split("\n") if (marker := read_gap_marker(line))] if found else []
    assert [(marker.first, marker.last) for marker in gaps] == ([(4, 118), (124, 196)] if may else [])


def test_where_little_may_go_only_that_is_counted() -> None:
    counted: list[str] = []

    def count(text: str) -> int:
        counted.append(text)
        return tokens.count(text)

    text = "\n".join(f"step {number} of a long build, with some words that take room" for number in range(400))
    document = Document.of(text, read_call(command_call("make")))
    access = RecallAccess(UnwrittenStore(Path("/recall")), frozenset())
    assert elide_text(Forms(document, document, count), access, [leaving_out(100, 130)]) is None
    assert {*counted} == {text, "\n".join(text.split("\n")[101:129])}


def test_a_gap_must_save_a_fourth() -> None:
    assert elided(leaving_out(0, 400)) is not None
    assert elided(leaving_out(100, 130)) is None


def test_of_less_than_500_tokens_nothing_goes() -> None:
    assert elided(leaving_out(0, 40), steps=40) is not None
    assert elided(leaving_out(0, 30), steps=30) is None


def test_or_three_times_what_makes_an_output_a_burden() -> None:
    assert elided(leaving_out(100, 300), steps=4_000) is None
    assert elided(leaving_out(100, 600), steps=4_000) is not None


CI_LOG = "\n".join(
    f"build\tpytest\t2026-11-28T10:{number // 60:02}:{number % 60:02}.1234567Z {line}"
    for number, line in enumerate(
        [*(f"part {part} is there" for part in range(30)), *run_of_tests(150, failing=70).split("\n")]
    )
)


def test_what_is_left_of_the_log_of_a_ci_stands_without_the_times_before_its_lines() -> None:
    text = sent(CI_LOG, command_call("gh run view 4711 --log"))
    assert text.split("\n")[3:5] == ["part 2 is there", "part 3 is there"]
    assert "build\tpytest\t2026-11-28T10:01:43.1234567Z tests/test_orders.py::test_orders_70 FAILED [ 50%]" in text
    assert [first for _, first, _ in markers(text)] == [3, 35, 106]


def test_rows_stand_below_the_marker_of_the_lines_that_they_stand_for() -> None:
    text = elided(leaving_out(10, 390, "step 10", "step 389"))
    assert text is not None
    before, marker, *after = text.split("\n")[9:14]
    assert (before.split(" of ")[0], after[0], after[1]) == ("step 9", "step 10", "step 389")
    assert after[2].startswith("step 390 of ")
    assert [(count, first) for count, first, _ in markers(marker)] == [(380, 11)]


def test_lines_of_several_files_that_a_search_shows_need_not() -> None:
    found = FOUND.replace("1:func", "app.js:1:func").replace("2:func", "app.js:2:func").replace("3://", "app.js:3://")
    assert "left out here" in sent(found, command_call("grep -rn f17 dist"))


def test_nothing_is_left_out_when_markers_do_not_lead_back_to_the_text() -> None:
    assert elided(leaving_out(10, 390, name="stub")) is not None
    assert elided(leaving_out(10, 390, name="stub of\ntwo lines")) is None


def test_a_kind_that_the_model_wants_whole_is_not_looked_at() -> None:
    assert elided(leaving_out(0, 400), refused=frozenset({("exec_command", "stub")})) is None
    assert elided(leaving_out(0, 400), refused=frozenset({("bash", "stub"), ("exec_command", "other")})) is not None


def test_gaps_of_several_kinds_are_joined_and_of_two_that_overlap_the_first_counts() -> None:
    one, two, three = (
        leaving_out(start, stop, name=name)
        for start, stop, name in ((10, 150, "one"), (200, 399, "two"), (90, 190, "x"))
    )
    found = [marker for line in str(elided(one, two, three)).split("\n") if (marker := read_gap_marker(line))]
    assert [(marker.first, marker.last, marker.what) for marker in found] == [
        (12, 149, "one steps"),
        (202, 396, "two steps"),
    ]


def test_only_kinds_that_left_something_out_are_told() -> None:
    shortening = leaving_out(0, 0, name="shortening")
    shorter = Gap(200, 390, "the words", instead=tuple(f"step {number}" for number in range(200, 390)))
    vars(shortening).update(shortened=lambda _document, _lines, _gaps, _at_cuts: [shorter])
    found = elided_text([leaving_out(10, 190, name="one"), leaving_out(195, 199, name="small"), shortening])
    assert found is not None
    assert found.kinds == ("one", "shortening")


def test_where_only_a_header_says_that_something_is_missing_nothing_goes() -> None:
    whole = "Exit code: 0\nWall time: 1 seconds\nOutput:\n"
    cut = whole.replace(
        "Output:", "Total output lines: 900\nOutput:\nWarning: truncated output (original token count: 9)"
    )
    assert elided_text([leaving_out(10, 390)], header=whole) is not None
    assert elided_text([leaving_out(10, 390)], header=f"{cut}Total output lines: 900\n\n") is None


def test_an_elision_of_folded_rows_is_asked_when_none_of_lines_finds_anything() -> None:
    rows = leaving_out(100, 300, name="rows", works_on=Stage.KIND)
    assert "rows steps" in str(elided(leaving_out(0, 3), rows))
    assert "rows steps" not in str(elided(leaving_out(0, 300), rows))


def test_originals_are_seen_when_a_conversation_goes_on(tmp_path: Path) -> None:
    settings = replace(RECALL, recall_dir=str(tmp_path / "store"), recall_stores=True)
    body = request_body(command_call("pytest -v"), function_output(TEXT))
    conversation = compress_request_body(body, settings).conversation
    path = tmp_path / "store" / name_of(TEXT)
    before = path.stat().st_mtime - 2 * 3600  # not so old that a sweep, which may still go on, evicts it
    os.utime(path, (before, before))
    increment = request_body(command_call("make", "d"), function_output("done", "d"))
    compress_request_body(increment, settings, None, conversation)
    assert path.stat().st_mtime > before
