"""What a model could misread: rows without a heading, wrong numbers of lines, a file that is not as it was shown."""

from __future__ import annotations

import json

import pytest

from headroom_compression import Settings
from headroom_compression import compress_request_body
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import custom_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import image_part
from tests.compression.support.bodies import sent_outputs
from tests.compression.support.bodies import shell_call
from tests.compression.support.bodies import shell_output
from tests.compression.support.bodies import text_part

LINES = code_lines(300)
FOUND = [f"src/{name}/handlers.py:{n}0:    result = call({n})" for name in ("alpha", "beta") for n in range(1, 9)]
PATHS = [f"src/main/org/example/{name}/Class{number}.java" for name in ("alpha", "beta") for number in range(9)]
RECORDS = [{"id": number, "state": "open", "owner": f"user-{number % 3}"} for number in range(20)]
REPEATED = [*(f"started worker number {number}" for number in range(14)), *["waiting", "for", "work"] * 6]
MINI = (
    "<returncode>0</returncode>\n<warning>\nThe output of your last command was too long.\nPlease try another.\n"
    "</warning>\n<output_head>\n{}\n</output_head>\n<elided_chars>\n9999 characters elided\n</elided_chars>\n"
    "<output_tail>\n{}\n</output_tail>"
)


def sent_second(first: Item, text: str, second: Item, again: str) -> str:
    """How the second of two outputs is sent."""
    one, other = first | {"call_id": "1"}, second | {"call_id": "2"}
    return sent_outputs(one, function_output(text, "1"), other, function_output(again, "2"))[1]


def lines(first: int, last: int) -> str:
    return "\n".join(LINES[first - 1 : last])


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        pytest.param("git ls-files src", PATHS, [*PATHS, "src/main/org/example/beta/New.java"], id="paths"),
        pytest.param("npm start", REPEATED[:-3], REPEATED, id="repeats"),
        pytest.param(
            "gh api /issues",
            [json.dumps(RECORDS)],
            [json.dumps([*RECORDS[:-1], RECORDS[-1] | {"state": "closed"}])],
            id="records",
        ),
    ],
)
def test_no_row_is_sent_without_its_heading(command: str, before: list[str], after: list[str]) -> None:
    call = command_call(command)
    sent = sent_second(call, "\n".join(before) + "\n", call, "\n".join(after) + "\n")
    assert "identical to" not in sent
    assert "ran again" in sent_second(call, "\n".join(before) + "\n", call, "\n".join(before) + "\n")


def test_of_a_search_whole_files_are_left_out_below_their_headings() -> None:
    call = command_call("grep -rn call src")
    sent = sent_second(call, "\n".join(FOUND), call, "\n".join([*FOUND, "src/beta/handlers.py:99:    call(new)"]))
    assert sent.split("\n") == [
        "src/alpha/handlers.py",
        '[9 lines identical to lines 2-10 of the output of "grep -rn call src" above]',
        "src/beta/handlers.py",
        *(line.removeprefix("src/beta/handlers.py:") for line in FOUND[8:]),
        "99:    call(new)",
    ]


def test_no_line_is_counted_below_one_that_says_how_often_others_stand_there() -> None:
    before = [*LINES[:20], *["waiting for a worker that is not there yet"] * 9, *LINES[20:60]]
    call, text = command_call("npm start"), "\n".join(before) + "\n"
    first, second = sent_outputs(
        call | {"call_id": "1"},
        function_output(text, "1"),
        command_call("cat a.py") | {"call_id": "2"},
        function_output(lines(1, 60) + "\n", "2"),
    )
    pointer = '[19 lines identical to lines 2-20 of the output of "npm start" above]'
    assert "[previous line repeated 8 more times]" in first
    assert second == f"{LINES[0]}\n{pointer}\n{lines(21, 60)}\n"
    again = sent_second(call, text, call, text)
    assert again == '[ran again, output identical to the output of "npm start" above]\n'


SCRIPT_OF_A_PART = 'const r = await tools.exec_command({"cmd":"cat a.py"}); text(r.output.split("\\n").slice(100, 160))'


@pytest.mark.parametrize(
    ("call", "text", "first", "place"),
    [
        pytest.param(
            command_call("cat a.py"), MINI.format(lines(1, 60), lines(241, 300)), 1, "2-50 of a.py", id="head"
        ),
        pytest.param(command_call("cat a.py"), MINI.format(lines(1, 60), lines(241, 300)), 245, None, id="tail"),
        pytest.param(
            command_call("cat a.py"),
            f"{lines(1, 60)}\n[... omitted 180 of 300 lines ...]\n{lines(241, 300)}",
            245,
            None,
            id="older Codex",
        ),
        pytest.param(custom_call("exec", SCRIPT_OF_A_PART), lines(101, 160), 101, "2-50 of the output of", id="script"),
        pytest.param(
            function_call("read_file", {"path": "a.py", "startLine": 100}),
            lines(100, 160),
            100,
            "2-50 of the output of",
            id="a range under another key",
        ),
        pytest.param(
            function_call("read_file", {"path": "a.py"}),
            f"a.py\n\n{lines(1, 60)}",
            1,
            "4-52 of the output",
            id="a head",
        ),
        pytest.param(
            function_call("execute_command", {"command": "cat a.py"}),
            f"Done.\n{lines(1, 60)}",
            1,
            "3-51 of the output",
            id="a head of an unknown shell",
        ),
        pytest.param(
            function_call("read_file", {"path": "a.py"}),
            json.dumps({"content": [{"type": "text", "text": part} for part in ("Two parts:", lines(1, 60))]}),
            1,
            None,
            id="JSON that is the file",
        ),
    ],
)
def test_the_lines_of_a_file_have_their_own_numbers(call: Item, text: str, first: int, place: str | None) -> None:
    sent = sent_second(call, text, command_call(f"sed -n '{first},{first + 49}p' a.py"), lines(first, first + 49))
    assert f"[49 lines identical to lines {place}" in sent if place else sent == lines(first, first + 49)


def test_what_stands_beside_a_file_is_not_counted_as_its_lines() -> None:
    shown = shell_output(lines(200, 240), lines(1, 40), "1")
    shown["output"] = [dict(reversed(part.items())) for part in shown["output"]]  # stderr first
    again = function_output(lines(1, 40), "2")
    sent = sent_outputs(shell_call("cat a.py", "1"), shown, command_call("head -40 a.py", "2"), again)[1]
    assert 'identical to lines 2-40 of the output of "cat a.py"' in sent


NUMBERED = "title\n" + "".join(f"{number:6}\tsome line {number} of a listing\n" for number in range(1, 40))
OLD_MAC = "".join(f"step {step}/20 of the file, loading...\r" for step in range(1, 20)) + "the end of this old file\n"
TAGGED = "<file>\n" + "".join(f"{number}: text of this line\n" for number in range(1, 40))
WRAPPED = json.dumps({"output": OLD_MAC, "metadata": {"exit_code": 0, "duration_seconds": 0.5}})


@pytest.mark.parametrize(
    ("call", "text"),
    [
        pytest.param(command_call("cat saved.txt"), NUMBERED, id="numbers of its own"),
        pytest.param(command_call("cat saved.txt"), TAGGED, id="tags of its own"),
        pytest.param(function_call("read_file", {"path": "a.json"}), WRAPPED, id="JSON like a command's"),
        pytest.param(
            function_call("read_file", {"path": "a.json"}),
            json.dumps({"content": [{"type": "text", "text": NUMBERED}]}),
            id="JSON like MCP's",
        ),
        *(
            pytest.param(command_call(command), OLD_MAC, id=command)
            for command in (
                "cat a.txt",
                'for f in *.txt; do cat "$f"; done',
                "if test -f a.txt; then cat a.txt; fi",
                "ls *.txt | xargs cat",
                "find . -name a.txt -exec cat {} +",
                "env cat a.txt",
                "docker exec web /bin/cat a.txt",
            )
        ),
    ],
)
def test_a_file_is_sent_as_it_is(call: Item, text: str) -> None:
    assert sent_outputs(call | {"call_id": "1"}, function_output(text, "1")) == [text]


def test_an_envelope_in_a_file_stays() -> None:
    shown = json.dumps({"output": WRAPPED, "metadata": {"exit_code": 0, "duration_seconds": 0.1}})
    sent = sent_outputs(function_call("shell", {"command": ["cat", "a.json"]}, "1"), function_output(shown, "1"))
    assert sent == [f"Exit code: 0\nWall time: 0.1 seconds\nOutput:\n{WRAPPED}"]


@pytest.mark.parametrize("kind", ["compaction", "context_compaction", "compaction_summary"])
def test_nothing_refers_to_what_was_compacted(kind: str) -> None:
    call = command_call("cat a.py")
    again = call | {"call_id": "2"}
    compacted = {"type": kind, "encrypted_content": "gAAAA"}
    first = call | {"call_id": "1"}, function_output(lines(1, 60), "1")
    assert sent_outputs(*first, compacted, again, function_output(lines(1, 60), "2"))[1] == lines(1, 60)


@pytest.mark.parametrize("other", [{"workdir": "/b"}, {"env": {"GIT_DIR": "/b/.git"}}], ids=["folder", "variable"])
def test_a_command_that_differs_in_something_did_not_run_again(other: Item) -> None:
    call = {"cmd": "git status --short", "workdir": "/a"}
    text = "".join(f" M src/file_number_{number}.py\n" for number in range(30))
    sent = sent_second(function_call("exec_command", call), text, function_call("exec_command", call | other), text)
    assert "ran again" not in sent


def test_lines_that_have_moved_are_not_called_by_their_old_numbers() -> None:
    moved = LINES[:20] + LINES[40:100]
    reads = [("cat a.py", LINES[:100]), ("cat a.py", moved), ("sed -n '25,60p' a.py", moved[24:60])]
    items: list[Item] = []
    for number, (command, shown) in enumerate(reads):
        items += command_call(command, str(number)), function_output("\n".join(shown), str(number))
    sent = sent_outputs(*items)
    assert 'identical to lines 42-100 of the output of "cat a.py" above' in sent[1]
    assert '[35 lines identical to lines 46-80 of the first run of "cat a.py" above]' in sent[2]


UNREAD = [
    pytest.param([image_part()], id="an image"),
    pytest.param([], id="an empty list"),
    pytest.param(None, id="null"),
    pytest.param("broken \ud83d emoji", id="a lone surrogate"),
    pytest.param("a letter of Unicode 15: \U0001e4d0", id="a letter that Python 3.11 does not know"),
]


@pytest.mark.parametrize("output", UNREAD)
def test_an_output_that_is_not_read_counts_as_one_of_its_call(output: object) -> None:
    items: list[Item] = []
    for number, each in enumerate([output, lines(1, 60), lines(101, 160), lines(1, 60)]):
        items += command_call("./show", str(number)), function_output(each, str(number))
    assert sent_outputs(*items)[-1] == '[ran again, output identical to lines 1-60 of the second run of "./show" above]'


def read(path: str, shown: list[str], first: int, call_id: str, **members: int) -> tuple[Item, Item]:
    numbers = "\n".join(f"{number:6}→{line}" for number, line in enumerate(shown, first))
    return function_call("Read", {"file_path": path, **members}, call_id), function_output(numbers, call_id)


@pytest.mark.parametrize("path", ["a.py", "./a.py", "../w/a.py", "lib/../a.py"])
def test_a_file_is_the_same_by_its_relative_path(path: str) -> None:
    changed = [*LINES[100:140], *LINES[40:60]]
    items = (
        *read("/w/a.py", LINES[:60], 1, "1"),
        command_call(f"cat {path}", "2"),
        function_output("\n".join(changed), "2"),
    )
    sent = sent_outputs(*items, *read("/w/a.py", LINES[4:60], 5, "3", offset=5))[-1]
    assert "of the first /w/a.py above]" in sent


@pytest.mark.parametrize(
    ("output", "is_named"),
    [
        pytest.param(f"8:{LINES[7]}\n41:another line", True, id="a search found lines of it"),
        pytest.param("8:line eight\n12:another line", False, id="a search found another line there"),
        pytest.param("The file /w/a.py was updated.", True, id="an edit"),
        pytest.param("one\ntwo\nthree\nfour\nfive", False, id="lines without numbers"),
    ],
)
def test_what_shows_a_few_lines_of_a_file_is_another_output_of_it(output: str, is_named: bool) -> None:  # noqa: FBT001  a column
    shown = LINES[:40]
    between = function_call("look", {"file_path": "/w/a.py"}, "2"), function_output(output, "2")
    sent = sent_outputs(*read("/w/a.py", shown, 1, "1"), *between, *read("/w/a.py", shown[4:], 5, "3", offset=5))[-1]
    assert ("of /w/a.py above]" in sent) is is_named


@pytest.mark.parametrize("last", [110, 109, 140])
def test_what_is_sent_as_a_pointer_is_an_output_of_its_file(last: int) -> None:
    """Behind it stands what its client says there, so that nobody knows which lines of the file it shows."""
    said = "\n\n[Python Interpreter: /usr/bin/python]\n[Command finished with exit code 0]"
    numbers = "".join(f"{number:6}\t{line}\n" for number, line in enumerate(LINES[:20], 1))
    sent = sent_outputs(
        function_call("execute_bash", {"command": "sed -n '1,10p' /w/b.go"}, "1"),
        function_output(lines(101, max(last, 110)) + said, "1"),
        function_call("execute_bash", {"command": "nl -ba /w/b.go | sed -n '1,20p'"}, "2"),
        function_output(numbers, "2"),
        function_call("execute_bash", {"command": "sed -n '1,10p' /w/b.go"}, "3"),
        function_output(lines(101, last) + said, "3"),
        function_call("execute_bash", {"command": "cat /w/b.go"}, "4"),
        function_output(lines(1, 20) + said, "4"),
    )
    assert "identical to" in sent[2]
    assert "[18 lines identical to lines 2-19 of the output of \"nl -ba /w/b.go | sed -n '1,20p'\" above]" in sent[3]


@pytest.mark.parametrize("head", ["Wall time: 0.0046 seconds\nOutput:", "Here is the file:"])
def test_an_output_counts_whichever_of_its_texts_shows_the_file(head: str) -> None:
    now = "\n".join(f"{number:6}→{line}" for number, line in enumerate(LINES[100:160], 1))
    items = (
        *read("/w/a.py", LINES[:60], 1, "1"),
        function_call("mcp__fs__view", {"path": "/w/a.py"}, "2"),
        function_output([text_part(head), text_part(now)], "2"),
        *read("/w/a.py", LINES[:90], 1, "3"),
        *read("/w/b.py", LINES[120:140], 21, "4"),
    )
    sent = sent_outputs(*items)
    assert "[59 lines identical to lines 2-60 of the first /w/a.py above]" in sent[2]
    assert "[19 lines identical to lines 22-40 of the second /w/a.py above]" in sent[3]


def test_what_codex_says_above_the_texts_of_a_server_is_none_of_them() -> None:
    """Above a list it ends without a line feed."""
    items: list[Item] = []
    for number, stop in enumerate((60, 60, 50)):
        parts = [text_part("Wall time: 0.0046 seconds\nOutput:"), text_part(lines(1, stop))]
        items += function_call("mcp__fs__show", {"of": "a.py"}, str(number)), function_output(parts, str(number))
    sent = [output[1]["text"] for output in json.loads(json.dumps(sent_outputs(*items)))]
    named = 'of the output of mcp__fs__show({"of": "a.py"}) above]'
    assert sent[1] == f"[ran again, output identical to lines 1-60 {named}"
    assert sent[2].split("\n")[1:] == [f"[49 lines identical to lines 2-50 {named}"]


@pytest.mark.parametrize("tool", ["read_file", "Read", "mcp__fs__read_text_file"])
def test_a_file_that_shows_lines_with_numbers_keeps_them(tool: str) -> None:
    """Else its lines could not be edited, and what points at them by those numbers would mean others."""
    sample = "\n".join(f"{number:6}→{line}" for number, line in enumerate(LINES[200:220], 1))
    shown = f"{lines(1, 60)}\n{sample}\n{lines(61, 100)}\n"
    call = function_call(tool, {"path": "/w/a.md"})
    sent = sent_second(call, shown, command_call("cat x.py"), lines(201, 220) + "\n")
    assert "identical to" not in sent
    assert sent_outputs(call, function_output(shown)) == [shown]


@pytest.mark.parametrize(
    "sample",
    [
        pytest.param([], id="none"),
        pytest.param(["     7→x"], id="one"),
        pytest.param([f"{number:6}→x" for number in range(1, 7)], id="some"),
    ],
)
def test_a_file_has_other_lines_now_whatever_numbers_it_shows(sample: list[str]) -> None:
    now = [LINES[0], *LINES[200:220], *LINES[1:40], *sample, *LINES[40:120]]
    items = (
        *read("/w/a.md", LINES[:120], 1, "1"),
        function_call("read_file", {"path": "/w/a.md"}, "2"),
        function_output("\n".join(now) + "\n", "2"),
    )
    sent = sent_outputs(*items, *read("/w/a.md", LINES[59:90], 60, "3", offset=60, limit=31))[-1]
    assert "[30 lines identical to lines 61-90 of the first /w/a.md above]" in sent


@pytest.mark.parametrize("key", ["id", "call_id"])
def test_so_does_one_of_another_kind(key: str) -> None:
    """The API has `id` for the id of the call."""
    action = {"type": "exec", "command": ["./show"]}
    local = {"type": "local_shell_call", "call_id": "0", "action": action}, {"type": "local_shell_call_output"}
    items: list[Item] = [local[0], local[1] | {key: "0", "output": "{}"}]
    for number, each in enumerate([lines(1, 60), lines(101, 160), lines(1, 60)], 1):
        items += command_call("./show", str(number)), function_output(each, str(number))
    assert sent_outputs(*items)[-1] == '[ran again, output identical to lines 1-60 of the second run of "./show" above]'


HIDDEN = [
    pytest.param([{"type": "item_reference", "id": "fc_1"}], id="a call that the server holds"),
    pytest.param([{"id": "fc_1"}, {"id": "fco_1"}], id="a call and its output by their ids alone"),
    pytest.param([{"type": "item_reference", "id": "x"}], id="an id of another kind"),
    pytest.param([shell_call("./show", "9") | {"action": {"commands": ["./show", "ls"]}}], id="one of two commands"),
    pytest.param([command_call("./show", "9") | {"arguments": {"cmd": "./show"}}], id="arguments of another kind"),
    pytest.param([command_call("./show # \U0001e4d0", "9")], id="a letter that Python 3.11 does not know"),
]


@pytest.mark.parametrize("shown", [lines(201, 260), [image_part()]], ids=["text", "an image"])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_an_output_of_a_call_that_is_not_known_may_be_one_of_any(hidden: list[Item], shown: object) -> None:
    items = [*hidden, function_output(shown, "9")]
    for number, each in enumerate([lines(1, 60), lines(101, 160), lines(1, 60)]):
        items += command_call("./show", str(number)), function_output(each, str(number))
    sent = sent_outputs(*items)[-1]
    assert sent == '[ran again, output identical to lines 1-60 of the second latest run of "./show" above]'


@pytest.mark.parametrize("hidden", HIDDEN)
def test_none_before_it_is_counted_then(hidden: list[Item]) -> None:
    items: list[Item] = []
    for number, each in enumerate([lines(1, 60), lines(101, 160), lines(1, 60)]):
        items += command_call("./show", str(number)), function_output(each, str(number))
    other = command_call("cat b.py", "8"), function_output(lines(1, 60), "8")
    assert "identical to" in sent_outputs(*items, *other)[-1]
    assert "identical to" not in sent_outputs(*items, *hidden, function_output(lines(201, 260), "9"), *other)[-1]


@pytest.mark.parametrize("named", ["rs_1", "msg_1"])
def test_what_a_model_said_hides_no_output(named: str) -> None:
    items: list[Item] = [{"type": "item_reference", "id": named}]
    for number in range(2):
        items += command_call("./show", str(number)), function_output(lines(1, 60), str(number))
    assert sent_outputs(*items)[-1] == '[ran again, output identical to lines 1-60 of the output of "./show" above]'


def test_what_the_server_called_counts_as_one_of_its_name() -> None:
    call = function_call("read", {"path": "a.py"})
    items: list[Item] = [call | {"type": "mcp_call", "id": "mcp_1", "server_label": "files", "error": None}]
    items[0] |= {"output": lines(201, 260)}
    for number, each in enumerate([lines(1, 60), lines(101, 160), lines(1, 60)]):
        items += call | {"call_id": str(number)}, function_output(each, str(number))
    assert "the second call of read(" in sent_outputs(*items)[-1]


@pytest.mark.parametrize("output", UNREAD)
def test_an_output_that_is_not_read_may_show_another_file(output: object) -> None:
    items: list[Item] = []
    for number, each in enumerate([output, lines(1, 60), lines(1, 60)]):
        items += command_call("cat a.py", str(number)), function_output(each, str(number))
    assert sent_outputs(*items)[-1] == "[ran again, output identical to lines 1-60 of the latest a.py above]"


@pytest.mark.parametrize(
    ("form", "first"),
    [
        ("<returncode>0</returncode>\n<output>\n{}\n</output>", "<returncode>0</returncode>"),
        ("{}\n<shellId: 3 completed with exit code 0>", LINES[0]),
    ],
    ids=["mini-swe-agent", "Copilot CLI"],
)
def test_what_a_client_puts_behind_a_file_is_no_other_line_of_it(form: str, first: str) -> None:
    reads = [("cat a.py", 1, 100), ("sed -n '41,60p' a.py", 41, 60), ("cat a.py | cat", 1, 100)]
    items: list[Item] = []
    for number, (command, start, stop) in enumerate(reads):
        items += (
            function_call("bash", {"command": command}, str(number)),
            function_output(form.format(lines(start, stop)), str(number)),
        )
    sent = sent_outputs(*items)[2]
    assert sent.startswith(first)
    assert "[99 lines identical to lines 2-100 of a.py above]" in sent


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"cmd": "cat a.py", "workdir": "/x"}, {"cmd": "sed -n '40,70p' a.py", "workdir": "/y"}),
        ({"cmd": "cd x && cat a.py"}, {"cmd": "cd y && sed -n '40,70p' a.py"}),
        ({"cmd": "cat a.py"}, {"cmd": "cd y && sed -n '40,70p' a.py"}),
    ],
    ids=["workdir", "cd", "cd once"],
)
def test_the_same_name_in_another_folder_is_another_file(one: Item, other: Item) -> None:
    calls = function_call("exec_command", one), function_call("exec_command", other)
    assert sent_second(calls[0], lines(21, 120), calls[1], lines(40, 70)) == lines(40, 70)


def test_the_same_folder_said_in_two_ways_is_one() -> None:
    calls = (
        command_call("cd /x && cat a.py"),
        function_call("exec_command", {"cmd": "cat a.py | head -90", "cwd": "/x"}),
    )
    assert "identical to lines 2-90 of a.py above" in sent_second(calls[0], lines(1, 100), calls[1], lines(1, 90))


def test_a_command_is_counted_as_the_model_wrote_it() -> None:
    call = command_call(f"cd /repo &&\n\n\ncat > a.py <<'EOF'\n{lines(1, 20)}\nEOF", "1")
    items = [call, function_output("", "1"), command_call("cat a.py", "2"), function_output(lines(1, 20), "2")]
    body = compress_request_body(json.dumps({"input": items}).encode(), Settings(references="eager")).body
    marker = """[19 lines identical to lines 6-24 of your command "cat > a.py <<'EOF'..." above]"""
    assert json.loads(body)["input"][3]["output"].split("\n")[1] == marker


def test_a_name_with_a_colon_is_not_split() -> None:
    text = "".join(f"./data:v2/file.csv:{number}:text {number}\n" for number in range(5, 15))
    assert sent_outputs(command_call("grep -rn x .", "1"), function_output(text, "1")) == [text]


@pytest.mark.parametrize("command", ["grep -e ERROR -e WARN run.txt", "rg job logs/current", "grep -rn job run.log"])
def test_what_stands_before_a_colon_in_one_file_is_no_path(command: str) -> None:
    text = "".join(f"worker.1: ERROR job {number} could not be finished\n" for number in range(20))
    assert sent_outputs(command_call(command) | {"call_id": "1"}, function_output(text, "1")) == [text]
