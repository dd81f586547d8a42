"""Which call an output belongs to, and that snapshots are independent of each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from headroom_compression import Holdings
from headroom_compression import Settings
from headroom_compression.calls import reading
from headroom_compression.document import Stage
from headroom_compression.session.conversation import Conversation
from headroom_compression.session.conversation import ConversationBuilder
from tests.compression.support.bodies import code_lines
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import numbered

LINES = code_lines(30)
TEXT = "\n".join(LINES)
NUMBERED = numbered(LINES)


def turn_after(*, calls: tuple[str, ...] = ("cat a.py",), settings: Settings | None = None) -> ConversationBuilder:
    turn = ConversationBuilder(settings or Settings())
    for command in calls:
        turn.add_item(command_call(command, "call_1"))
    return turn


def sent(turn: ConversationBuilder, text: str, call_id: object = "call_1") -> str:
    (folded,) = turn.fold_output(call_id, [text])
    return folded.text if folded else text


def test_the_output_of_a_call_over_which_the_reader_stumbles_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise RecursionError

    turn = turn_after(calls=("nl -ba a.py",))
    assert sent(turn, NUMBERED) != NUMBERED
    monkeypatch.setattr(reading, "_command_call", stumble)
    turn.add_item(command_call("nl -ba a.py", "call_2"))
    assert turn.call("call_2") is reading.UNREADABLE
    assert sent(turn, NUMBERED, "call_2") == NUMBERED
    monkeypatch.undo()
    turn.add_item(command_call("nl -ba a.py", "call_3"))
    assert sent(turn, NUMBERED, "call_3") == NUMBERED  # the one in between may be any output
    turn.add_item(command_call("nl -ba a.py", "call_4"))
    again = '[ran again, output identical to the latest run of "nl -ba a.py" above]'
    assert sent(turn, NUMBERED, "call_4").split("\n")[0] == again


def test_lines_are_referred_to_only_while_one_agent_is_at_work() -> None:
    turn = turn_after(calls=("cat a.py",))
    assert sent(turn, TEXT) == TEXT
    turn.add_item(command_call("cat a.py", "call_2") | {"agent": {"agent_name": "/root"}})
    assert sent(turn, TEXT, "call_2") != TEXT
    before = turn.snapshot()
    turn.add_item(command_call("cat a.py", "call_3") | {"agent": {"agent_name": "/root/reader"}})
    turn.add_item(command_call("cat a.py", "call_4"))
    assert [sent(turn, TEXT, call) for call in ("call_3", "call_4")] == [TEXT, TEXT]
    assert sent(ConversationBuilder(Settings(), before), TEXT, "call_2") != TEXT


def test_numbers_stay_from_an_edit_by_line_on() -> None:
    turn = turn_after(calls=("nl -ba a.py",))
    assert sent(turn, NUMBERED) != NUMBERED
    turn.add_item(function_call("edit_lines", {"path": "a.py", "start_line": 3}, "call_2"))
    other = numbered(code_lines(30, "other"))
    assert sent(turn, other) == other


def test_numbered_lines_are_still_referred_to_after_an_edit_by_line() -> None:
    turn = turn_after(calls=("nl -ba a.py",))
    turn.add_item(function_call("edit_lines", {"path": "a.py", "start_line": 3}, "call_2"))
    sent(turn, NUMBERED)
    turn.add_item(command_call("cat -n a.py", "call_3"))
    assert sent(turn, NUMBERED, "call_3").split("\n") == [
        NUMBERED.split("\n")[0],
        "[29 lines identical to lines 2-30 of a.py above]",
        "",
    ]


def test_one_continuation_of_a_snapshot_does_not_see_another() -> None:
    start = turn_after().snapshot()
    one = ConversationBuilder(start.settings, start)
    one.add_item(command_call("ls", "call_2"))
    assert sent(one, TEXT) == TEXT
    other = ConversationBuilder(start.settings, start)
    assert other.call("call_2") is None
    assert sent(other, TEXT) == TEXT
    assert sent(one, TEXT) != TEXT


def test_a_snapshot_stays_as_it_was_when_its_turn_goes_on() -> None:
    turn = turn_after()
    snapshots: list[Conversation] = []
    for _ in range(3):
        snapshots.append(turn.snapshot())
        sent(turn, TEXT)
        turn.add_item(command_call("cat a.py"))
    assert [sent(ConversationBuilder(state.settings, state), TEXT) != TEXT for state in snapshots] == [
        False,
        True,
        True,
    ]


def test_under_other_settings_calls_are_known_and_texts_are_not() -> None:
    turn = turn_after()
    sent(turn, TEXT)
    other = ConversationBuilder(Settings(min_tokens=9), turn.snapshot())
    assert other.call("call_1") is not None
    assert sent(other, TEXT) == TEXT
    latest = f"[ran again, output identical to lines 1-{len(LINES)} of the latest a.py above]"
    assert sent(other, TEXT) == latest, "the model sees the first one, too"
    other.forget_outputs()
    assert sent(other, TEXT) == TEXT
    assert sent(other, TEXT) == latest.replace("the latest ", "")


@pytest.mark.parametrize(
    ("patterns", "command", "is_excluded"),
    [
        (("exec_*",), "nl -ba a.py", True),
        (("nl *",), "nl -ba a.py", True),
        (("NL *",), "nl -ba a.py", False),
        (("read",), "nl -ba a.py", False),
        ((), "nl -ba a.py", False),
    ],
)
def test_tools_and_commands_can_be_excluded(patterns: tuple[str, ...], command: str, is_excluded: bool) -> None:  # noqa: FBT001  a column
    turn = turn_after(calls=(command,), settings=Settings(exclude_tools=patterns))
    assert (sent(turn, NUMBERED) == NUMBERED) == is_excluded


@pytest.mark.parametrize(("patterns", "is_excluded"), [(("read",), True), ((), False)])
def test_where_tools_are_excluded_an_output_of_an_unknown_call_may_be_theirs(
    patterns: tuple[str, ...], *, is_excluded: bool
) -> None:
    turn = turn_after(settings=Settings(exclude_tools=patterns))
    assert (sent(turn, NUMBERED, "call_2") == NUMBERED) == is_excluded


def test_an_excluded_output_may_be_referred_to() -> None:
    turn = turn_after(settings=Settings(exclude_tools=("cat *",)))
    sent(turn, TEXT)
    turn.add_item(command_call("head -50 a.py", "call_2"))
    (folded,) = turn.fold_output("call_2", [TEXT])
    assert folded is not None
    assert folded.stages == (Stage.ROWS,)


def test_what_calls_wrote_is_not_kept_and_their_commands_count() -> None:
    turn = ConversationBuilder(Settings())
    turn.add_item(function_call("apply_patch", {"patch": "+ line\n" * 10_000}, "call_1"))
    small = turn.snapshot().size
    assert small < 10_000
    turn.add_item(command_call(f"printf {'x' * 50_000}", "call_2"))
    assert turn.snapshot().size - small > 50_000


def test_texts_of_a_fork_count_once() -> None:
    turn = turn_after()
    sent(turn, NUMBERED)
    before = turn.snapshot()
    sent(turn, TEXT)
    sizes = []
    for _ in range(3):
        fork = ConversationBuilder(Settings(), before)
        sent(fork, TEXT)
        sizes.append(fork.snapshot().size)
        before = replace(before, shown=before.shown.continued(before.shown_length))
    assert len(set(sizes)) == 1


def test_a_branch_takes_little_more_than_the_session_that_it_left() -> None:
    turn = ConversationBuilder(Settings())
    turn.add_item(command_call(f"printf {'x' * 50_000}", "call_1"))
    turn.fold_output("call_1", ["\n".join(f"line {number} of a long text" for number in range(2_000))])
    trunk = turn.snapshot()
    turn.add_item(command_call("ls", "call_2"))
    turn.fold_output("call_2", ["a.py\nb.py"])
    held = Holdings()
    held.add(trunk.holdings)
    alone = held.size
    branches = [ConversationBuilder(Settings(), trunk) for _ in range(10)]
    for branch in branches:
        branch.add_item(command_call("ls", "call_3"))
        branch.fold_output("call_3", ["c.py\nd.py"])
        assert branch.snapshot().left_session == trunk.session
        held.add(branch.snapshot().holdings)
        assert branch.snapshot().size > 0.9 * alone
    assert held.size < 4 * alone
