"""What holds for every session of every client, by random sessions."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from collections.abc import Sequence

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

from headroom_compression import CompressedBody
from headroom_compression import CompressionReport
from headroom_compression import Memory
from headroom_compression import Settings
from headroom_compression import compress_new_items
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.document import Stage
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import custom_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import shell_call
from tests.compression.support.budget_sessions import WITH_BUDGET
from tests.compression.support.examples import examples
from tests.compression.support.json_scanner import Token
from tests.compression.support.json_scanner import is_tool_text
from tests.compression.support.json_scanner import tokens_of
from tests.compression.support.sent_text_reader import Reader
from tests.compression.support.sent_text_reader import Source
from tests.compression.support.sent_text_reader import envelope_value
from tests.compression.support.sent_text_reader import split_header
from tests.compression.support.sent_text_reader import value_by_source
from tests.compression.support.sessions import Entry
from tests.compression.support.sessions import Session
from tests.compression.support.sessions import SessionWriter

ALL_SETTINGS = [
    Settings(),
    Settings(min_tokens=1),
    Settings(references="off", min_tokens=1),
    Settings(references="eager", min_tokens=1),
    Settings(exclude_tools=("sed *", "Read"), min_tokens=1),
]
some_settings = strategies.sampled_from(ALL_SETTINGS)


def sessions_of(steps: strategies.SearchStrategy[int]) -> strategies.SearchStrategy[Session]:
    """By seeds, as a session takes more random numbers than hypothesis likes to draw; it shrinks by its length."""
    return strategies.builds(
        lambda seed, longest: SessionWriter(random.Random(seed)).session(longest),  # noqa: S311  test data
        strategies.integers(0, 2**32),
        steps,
    )


sessions = sessions_of(strategies.integers(1, 16))
long_sessions = sessions_of(strategies.integers(16, 40))
MANY = settings(max_examples=examples(400), suppress_health_check=[HealthCheck.too_slow])


def compressed_beginning(session: Session, count: int, chosen: Settings) -> bytes:
    """What is sent of the first items, up to the end of the last of them."""
    body = compress_request_body(session.body(count), chosen).body
    return body[: len(body) - len(session.style.tail.encode())]


def raw_items(body: bytes) -> list[bytes]:
    """The source text of each input item."""
    items: dict[int, bytes] = {}
    for token in tokens_of(body):
        is_between = len(token.path) == 2 and token.raw.strip() in {b"", b",", b"]"}
        if len(token.path) > 1 and token.path[0] == "input" and isinstance(token.path[1], int) and not is_between:
            items[token.path[1]] = items.get(token.path[1], b"") + token.raw
    return list(items.values())


@MANY
@given(sessions, some_settings)
def test_a_beginning_is_sent_as_the_beginning_of_the_whole(session: Session, chosen: Settings) -> None:
    whole = compress_request_body(session.body(), chosen).body
    for count in range(1, len(session.entries)):
        assert whole.startswith(compressed_beginning(session, count, chosen))


@MANY
@given(strategies.lists(sessions, min_size=1, max_size=3), some_settings, strategies.data())
def test_no_memory_changes_a_byte(several: list[Session], chosen: Settings, data: strategies.DataObject) -> None:
    memory = Memory(data.draw(strategies.sampled_from([0, 1, 20_000, 200_000, 2**28])))
    for _ in range(8):
        body = data.draw(requests(several))
        most = data.draw(strategies.sampled_from([0, 500, 2**14]))
        with_memory = compress_new_items(body, chosen, memory, most) or compress_request_body(body, chosen, memory)
        without = compress_request_body(body, chosen)
        assert with_memory.body == without.body
        assert with_memory.changed == without.changed
        assert sums(with_memory.report) == sums(without.report)


def sums(report: CompressionReport) -> tuple[int, int]:
    return report.saved_in_all, report.shortened_in_all


@strategies.composite
def requests(draw: strategies.DrawFn, several: list[Session]) -> bytes:
    """A turn of a session, its repetition, or a fork that goes on with the end of another session."""
    session, other = draw(strategies.sampled_from(several)), draw(strategies.sampled_from(several))
    count = draw(strategies.integers(0, len(session.entries)))
    end = draw(strategies.integers(0, len(other.entries)))
    items = [entry.item for entry in (*session.entries[:count], *other.entries[end:])]
    if any("\ud83d" in json.dumps(item, ensure_ascii=False) for item in items):
        return session.body(count)
    return session.style.body([session.style.written(item) for item in items])


@MANY
@given(sessions, some_settings, strategies.data())
def test_settings_may_change_between_requests(session: Session, chosen: Settings, data: strategies.DataObject) -> None:
    memory = Memory()
    for count in sorted(data.draw(strategies.sets(strategies.integers(1, len(session.entries)), max_size=6))):
        now = data.draw(some_settings)
        with_memory = compress_request_body(session.body(count), now, memory)
        assert with_memory.body == compress_request_body(session.body(count), now).body
    assert (
        compress_request_body(session.body(), chosen, memory).body == compress_request_body(session.body(), chosen).body
    )


@MANY
@given(sessions, some_settings, strategies.integers(0, 40))
def test_increments_are_sent_as_in_the_full_history(session: Session, chosen: Settings, count: int) -> None:
    whole = raw_items(compress_request_body(session.body(), chosen).body)
    before = compress_request_body(session.body(count), chosen).conversation
    for _ in range(2):
        increment = session.style.body(session.raw_items[count:])
        sent = compress_request_body(increment, chosen, conversation=before).body
        assert raw_items(sent) == whole[count:]


@MANY
@given(sessions, some_settings)
def test_only_tool_texts_change_and_none_gets_longer(session: Session, chosen: Settings) -> None:
    body = session.body()
    result = compress_request_body(body, chosen)
    before, after = tokens_of(body), tokens_of(result.body)
    assert len(before) == len(after)
    changes = [(one, other) for one, other in zip(before, after, strict=True) if one.raw != other.raw]
    assert [one.path for one, _ in changes] == [other.path for _, other in changes]
    for one, other in changes:
        assert is_tool_text(one.path, item_at(session, one))
        assert tokens.count(other.text()) < tokens.count(one.text())
        assert other.raw.isascii() or not one.raw.isascii()
    assert len(changes) == len(result.report.shortened)
    assert result.changed == bool(changes)
    assert result.changed or result.body is body


def item_at(session: Session, token: Token) -> Item:
    position = token.path[1]
    assert isinstance(position, int)
    return session.entries[position].item


@MANY
@given(sessions, some_settings)
def test_an_independent_reader_restores_every_text(session: Session, chosen: Settings) -> None:
    read_as_sent(Reader(), session.entries, compress_request_body(session.body(), chosen), chosen)


@settings(max_examples=examples(200), suppress_health_check=[HealthCheck.too_slow])
@given(long_sessions, some_settings, strategies.integers(0, 40))
def test_a_reader_of_what_only_the_server_has_too_restores_every_text(
    session: Session, chosen: Settings, count: int
) -> None:
    reader = Reader()
    read_as_sent(reader, session.entries[:count], compress_request_body(session.body(count), chosen), chosen)
    rest = session.style.body(session.raw_items[count:])
    rest = rest.replace(b"{", b'{"previous_response_id": "resp_1",', 1)
    read_as_sent(reader, session.entries[count:], compress_request_body(rest, chosen), chosen)


def read_as_sent(reader: Reader, entries: Sequence[Entry], result: CompressedBody, chosen: Settings) -> None:
    stages = iter(result.report.shortened)
    sent = json.loads(result.body)["input"]
    for entry, sent_item in zip(entries, sent, strict=True):
        if entry.item.get("type") == "compaction":
            reader.forget()
        if entry.written and chosen.references == "eager":
            reader.read(entry.written[1], Source(title=entry.written[0]), has_rows_stage=False)
        has_own_name = True
        for original, text in zip(tool_texts(entry.item), tool_texts(sent_item), strict=True):
            fired = () if original == text else next(stages).stages
            assert restored(reader, text, entry, fired, has_own_name=has_own_name) == comparable(original, fired)
            has_own_name = has_own_name and split_header(original)[1] == ""
    assert next(stages, None) is None


def tool_texts(item: Item) -> Iterator[str]:
    """The texts of an item that may change, in the order in which they stand there."""
    output = item.get("output")
    if isinstance(output, str):
        yield output
    elif isinstance(output, list):
        for part in output:
            yield from (part[key] for key in part if key in {"text", "stdout", "stderr"})


def restored(reader: Reader, text: str, entry: Entry, fired: tuple[Stage, ...], *, has_own_name: bool) -> object:
    """What the tool wrote, by what is sent of it; an envelope as the value that it was."""
    text = reader.read(text, entry.source, has_rows_stage=Stage.ROWS in fired, has_own_name=has_own_name)
    return envelope_value(text) if Stage.ENVELOPE in fired else text


def comparable(original: str, fired: tuple[Stage, ...]) -> object:
    return value_by_source(original) if Stage.ENVELOPE in fired else original


@MANY
@given(strategies.binary(max_size=60))
def test_any_bytes_come_back_as_they_are(body: bytes) -> None:
    assert compress_request_body(body, memory=Memory()).body is body


@MANY
@given(sessions, strategies.lists(strategies.tuples(strategies.integers(0, 2**20), strategies.binary(max_size=3))))
def test_damaged_requests_never_raise(session: Session, damages: list[tuple[int, bytes]]) -> None:
    body = session.body()
    for place, inserted in damages:
        start = place % len(body)
        body = body[:start] + inserted + body[start + 1 :]
    result = compress_request_body(body, Settings(min_tokens=1))
    assert result.body is body or is_request(body)


def is_request(body: bytes) -> bool:
    try:
        value = json.loads(body.decode("utf-8"))
    except ValueError:
        return False
    return isinstance(value, dict) and isinstance(value.get("input"), list)


item_keys = strategies.sampled_from(["type", "call_id", "output", "name", "arguments", "input", "action", "id"])
value_keys = strategies.text(max_size=9) | item_keys
values = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(max_size=9),
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(value_keys, inner),
    max_leaves=6,
)
item_types = strategies.sampled_from(
    ["function_call", "function_call_output", "custom_tool_call", "shell_call", "shell_call_output", "compaction"]
)
strange_items = strategies.dictionaries(item_keys, values | item_types, max_size=6)


@MANY
@given(strategies.lists(values | strange_items, max_size=6))
def test_items_of_any_shape_never_raise(items: list[object]) -> None:
    body = json.dumps({"input": items}).encode()
    assert compress_request_body(body).body is body
    assert compress_request_body(body, WITH_BUDGET).body is body


KINDS = ["script", "script with a literal", "shell", "command"]
script_pieces = strategies.sampled_from(
    [
        "exec_command(",
        "{cmd:",
        '{"cmd":',
        '"',
        "\\",
        "\\x41",
        "\\'",
        "\t",
        "ls",
        "})",
        "cat ",
        "bash -lc ",
        "'",
        "\n",
        "cd a;",
    ]
)


@MANY
@given(strategies.lists(script_pieces, max_size=12).map("".join), strategies.sampled_from(KINDS))
def test_commands_of_any_form_never_raise(script: str, kind: str) -> None:
    calls = {
        "script": custom_call("exec", script),
        "script with a literal": custom_call("exec", f'text(await tools.exec_command({{cmd: "{script}"}}))'),
        "shell": shell_call(script),
        "command": command_call(script),
    }
    body = request_body(calls[kind], function_output("short"))
    assert compress_request_body(body).body is body
