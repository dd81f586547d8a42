"""Reports of commands as mini-swe-agent's own template writes them, by an independent writer of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.formats import command_reports

TEXTS = st.text(st.sampled_from("ab<>&'\"\\\n\t é\x7f\u2028\U0001f600"), max_size=30)


def escaped(text: str) -> str:
    """What the filter `tojson` of Jinja 3.1 gives."""
    source = json.dumps(text).replace("<", "\\u003c").replace(">", "\\u003e")
    return source.replace("&", "\\u0026").replace("'", "\\u0027")


def short(printed: str, code: int = 0) -> str:
    return f'{{\n  "returncode": {code},\n  "output": {escaped(printed)}\n}}'


def long(head: str, tail: str) -> str:
    lines = [f'"output_head": {escaped(head)}', f'"output_tail": {escaped(tail)}', '"elided_chars": 12']
    return "{\n  " + ",\n  ".join(['"returncode": -1', *lines, '"warning": "Output too long."']) + "\n}"


@given(TEXTS)
def test_what_a_command_printed_stands_below_its_exit_code(printed: str) -> None:
    text = short(printed, 2)
    plain = command_reports.plain(text)
    assert plain == f"Exit code: 2\nOutput:\n{printed}"
    assert command_reports.as_json(plain) == text


@given(TEXTS, TEXTS)
def test_both_ends_of_a_long_output_stand_between_tags(head: str, tail: str) -> None:
    text = long(head, tail)
    plain = command_reports.plain(text)
    assert plain is not None
    assert plain.startswith(
        f"<returncode>-1</returncode>\n<warning>\nOutput too long.\n</warning>\n<output_head>\n{head}\n"
    )
    assert plain.endswith(
        f"\n<elided_chars>\n12 characters elided\n</elided_chars>\n<output_tail>\n{tail}\n</output_tail>"
    )
    assert command_reports.as_json(plain) == text


def test_a_text_that_holds_the_bound_of_both_ends_is_not_taken_for_it() -> None:
    bound = "\n</output_head>\n<elided_chars>\n12 characters elided\n</elided_chars>\n<output_tail>\n"
    assert command_reports.as_json(command_reports.plain(long("a", bound)) or "") != long("a", bound)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"returncode": 0, "output": "a"}', id="on one line"),
        pytest.param(short("a").replace("\n}", ', "exception_info": "timeout"\n}'), id="another field"),
        pytest.param(short("a") + "\n", id="more behind it"),
        pytest.param(short("a").replace('"a"', "null"), id="no text"),
        pytest.param(short("a").replace("0", "null"), id="no code"),
        pytest.param(short("a").replace('"a"', '"\\ud800"'), id="half a character"),
        pytest.param(short("a").replace('"a"', '"\\x"'), id="no escape"),
        pytest.param(long("a", "b").replace("too long", "long"), id="another warning"),
        pytest.param("Exit code: 0\nOutput:\na", id="the plain form"),
    ],
)
def test_what_is_no_report_stays(text: str) -> None:
    assert command_reports.plain(text) is None


@pytest.mark.parametrize("text", ["", "a", short("a"), "Exit code: 0\nWall time: 1\nOutput:\na"])
def test_what_is_no_plain_form_is_not_read(text: str) -> None:
    assert command_reports.as_json(text) is None


def test_escapes_that_another_program_writes_are_not_those_of_the_template() -> None:
    text = short("a").replace('"a"', '"\'"')
    assert command_reports.as_json(command_reports.plain(text) or "") != text


def of_hermes(printed: str, notes: dict[str, object]) -> str:
    return json.dumps({"output": printed, "exit_code": 1, "error": None, **notes}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("notes", "lines"),
    [
        ({}, ""),
        ({"exit_code_meaning": "No matches"}, 'exit_code_meaning: "No matches"\n'),
        (
            {"verification_evidence": {"status": "passed"}, "approval": "a"},
            'verification_evidence: {"status": "passed"}\napproval: "a"\n',
        ),
    ],
)
@given(printed=TEXTS)
def test_what_hermes_notes_stands_above_the_output(notes: dict[str, object], lines: str, printed: str) -> None:
    text = of_hermes(printed, notes)
    plain = command_reports.plain(text)
    assert plain == f"Exit code: 1\nerror: null\n{lines}Output:\n{printed}"
    assert command_reports.as_json(plain) == text


@pytest.mark.parametrize(
    "text",
    [
        of_hermes("a", {"sudo_auth_failed": True}),
        of_hermes("a", {}).replace("null", '"x"'),
        of_hermes("a", {}).replace(", ", ","),
    ],
)
def test_what_hermes_says_otherwise_stays(text: str) -> None:
    assert command_reports.plain(text) is None


def of_vibe(command: str, printed: str, errors: str = "", **others: object) -> str:
    """Keys in the order of their names, as it sends them."""
    told = {"command": command, "returncode": 1, "stderr": errors, "stdout": printed, "timed_out": False}
    fields = {**told, "was_truncated": False, **others}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


@given(TEXTS, TEXTS, TEXTS)
def test_what_vibe_says_of_a_command_stands_above_the_output(command: str, printed: str, errors: str) -> None:
    text = of_vibe(command, printed, errors)
    plain = command_reports.plain(text)
    assert plain is not None
    assert plain.endswith(f"timed_out: false\nwas_truncated: false\nOutput:\n{printed}")
    assert command_reports.as_json(plain) == text
    assert command_reports.names_command(text, command)
    assert not command_reports.names_command(text, command + "x")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(of_vibe("ls", "a", was_truncated=True), id="it was cut"),
        pytest.param(of_vibe("ls", "a", note="b"), id="another field"),
        pytest.param(of_vibe("ls", "a")[:-1] + ', "b":1}', id="a blank"),
        pytest.param(of_vibe("ls", "\\q").replace("\\\\q", "\\q"), id="no escape"),
    ],
)
def test_what_vibe_says_otherwise_stays(text: str) -> None:
    assert command_reports.plain(text) is None


def test_a_command_with_an_odd_escape_is_named_by_no_report() -> None:
    assert not command_reports.names_command(of_vibe("x", "a").replace('"x"', '"\\q"'), "q")


def of_puppy(command: str, printed: str, errors: str = "", **others: object) -> str:
    told = {"success": False, "command": command, "error": "Stopped.\n", "stdout": printed, "stderr": errors}
    told |= {"exit_code": 1, "execution_time": 1.5e-05, "timeout": False, "user_interrupted": True}
    fields = {**told, "user_feedback": None, "background": False, "log_file": None, "pid": None, **others}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


@given(TEXTS, TEXTS, TEXTS)
def test_what_puppy_says_of_a_command_stands_above_the_output(command: str, printed: str, errors: str) -> None:
    text = of_puppy(command, printed, errors)
    plain = command_reports.plain(text)
    assert plain is not None
    assert plain.endswith(f"background: false\nlog_file: null\npid: null\nOutput:\n{printed}")
    assert command_reports.as_json(plain) == text
    assert command_reports.names_command(text, command)
    assert not command_reports.names_command(text, command + "x")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(of_puppy("ls", "a" + "\n" * 255), id="as many lines as it shows"),
        pytest.param(of_puppy("ls", "a", note="b"), id="another field"),
        pytest.param(of_puppy("ls", "a", background=True, pid=12), id="it goes on"),
        pytest.param(of_puppy("ls", "a", user_feedback="No."), id="words of the user"),
    ],
)
def test_what_puppy_says_otherwise_stays(text: str) -> None:
    assert command_reports.plain(text) is None


def test_one_line_less_than_puppy_shows_is_all_that_was_printed() -> None:
    assert command_reports.plain(of_puppy("ls", "a" + "\n" * 254)) is not None
