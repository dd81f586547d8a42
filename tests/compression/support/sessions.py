"""Sessions of coding agents from random numbers: calls of many kinds that show ranges of the same few files.

Only `choice`, `randint` and `random` are used, which give the same on every version of Python, so that hypothesis
and the digest of `test_same_bytes.py` can share the generator.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

from tests.compression.support.bodies import Item
from tests.compression.support.bodies import Style
from tests.compression.support.bodies import custom_call
from tests.compression.support.bodies import custom_output
from tests.compression.support.bodies import function_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import image_part
from tests.compression.support.bodies import message
from tests.compression.support.bodies import shell_call
from tests.compression.support.bodies import shell_output
from tests.compression.support.bodies import text_part
from tests.compression.support.sent_text_reader import Source
from tests.compression.support.viewed_files import PATHS
from tests.compression.support.viewed_files import View
from tests.compression.support.viewed_files import file_lines

_STYLES = (
    Style(),
    Style(", ", ": "),
    Style(is_ascii=True),
    Style(head='{ "input" : [ ', tail=' ] , "model" : "gpt-test" }\n', comma=" ,\n  "),
    Style(head='{"inp\\u0075t":[', tail='],"truncation":"disabled"}'),
    Style(head='{"truncation":"auto","input":[', tail="]}"),
)


@dataclass(frozen=True)
class Entry:
    """An item as its client wrote it; for a tool output also which call it answers, as a reader knows it.

    written: title and text of what a call writes.
    """

    raw: str
    item: Item
    source: Source = field(default_factory=Source)
    written: tuple[str, str] | None = None


@dataclass(frozen=True)
class Session:
    style: Style
    entries: list[Entry]

    @property
    def raw_items(self) -> list[str]:
        return [entry.raw for entry in self.entries]

    def body(self, count: int | None = None) -> bytes:
        return self.style.body(self.raw_items[:count])


class SessionWriter:
    """Writes a session item by item."""

    def __init__(self, numbers: random.Random) -> None:
        self._numbers = numbers
        self._style = numbers.choice(_STYLES)
        self._entries: list[Entry] = []
        self._sources: dict[str, Source] = {}
        self._files = {path: file_lines(random.Random(numbers.randint(0, 999))) for path in PATHS}  # noqa: S311  test data

    def session(self, longest: int) -> Session:
        for _ in range(self._numbers.randint(1, longest)):
            self._numbers.choice(_STEPS)(self)
        return Session(self._style, self._entries)

    def cat(self) -> None:
        view = self._view(whole=True)
        self._run("exec_command", f"cat {view.path}", self._in_header(self._cut(view.plain())), view)

    def sed(self) -> None:
        view = self._view()
        command = f"sed -n '{view.first},{view.last}p' {view.path}"
        self._run("exec_command", command, self._in_header(view.plain()), view)

    def number_lines(self) -> None:
        view = self._view()
        command = f"cd /repo && nl -ba {view.path} | sed -n '{view.first},{view.last}p'"
        self._run("exec_command", command, self._in_header(view.gutter("{:6}\t")), view)

    def read(self) -> None:
        view = self._view()
        arguments: Item = {"file_path": view.path} | ({} if view.is_all else {"offset": view.first})
        title = f"the output of Read({_shortened(json.dumps(arguments))})"
        source = Source(view.path, title, 1 if view.is_all else None)
        self._answer(function_call("Read", arguments, self._call_id()), view.gutter("{:6}→"), source)

    def view_window(self) -> None:
        view = self._view()
        text = f"[File: {view.path} (99 lines total)]\n" + view.gutter("{}:")
        self._run("bash", f"open {view.path} {view.first}", text, None)

    def read_tagged(self) -> None:
        view = self._view()
        arguments = {"filePath": view.path, "offset": view.first, "limit": 50}
        text = f"<path>{view.path}</path>\n<type>file</type>\n<content>\n" + view.gutter(
            self._numbers.choice(("{}: ", "{:05}| "))
        )
        source = Source(view.path, f"the output of read({_shortened(json.dumps(arguments))})")
        self._answer(function_call("read", arguments, self._call_id()), text, source)

    def shell_list(self) -> None:
        view = self._view(whole=True)
        command = ["bash", "-lc", f"cat {view.path}"]
        text = json.dumps({"output": view.plain(), "metadata": {"exit_code": 0, "duration_seconds": 0.1}})
        source = Source(view.path, f'the output of "cat {view.path}"', 1, "none")
        self._answer(function_call("shell", {"command": command}, self._call_id()), text, source)

    def code_mode(self) -> None:
        view = self._view(whole=True)
        script = f'const r = await tools.exec_command({{"cmd":"cat {view.path}"}});\ntext(r);\n'
        values = {"chunk_id": "a1b2c3", "wall_time_seconds": 0.05, "exit_code": 0, "output": self._cut(view.plain())}
        head = text_part("Script completed\nWall time 0.1 seconds\nOutput:\n")
        parts = [head, image_part(), text_part(json.dumps(values, ensure_ascii=False))]
        source = Source(view.path, f'the output of "cat {view.path}"', 1, "none")
        self._answer(custom_call("exec", script, self._call_id()), parts, source)

    def shell_item(self) -> None:
        view = self._view()
        command = f"sed -n '{view.first},{view.last}p' {view.path}"
        call = shell_call(command, self._call_id())
        source = Source(view.path, f'the output of "{command}"', view.first, "none")
        self._sources[call["call_id"]] = source
        self._add(call)
        self._add(shell_output(view.plain(), "", call["call_id"]), source)

    def status(self) -> None:
        lines = [f"\tmodified:   src/module_{number}/name.py" for number in range(self._numbers.choice((3, 9, 25)))]
        self._run("exec_command", "git status", self._in_header("\n".join(lines)), None)

    def mcp(self) -> None:
        view = self._view()
        inner = json.dumps({"content": [{"type": "text", "text": view.plain()}]}, ensure_ascii=False)
        texts = self._numbers.choice(([inner], [view.plain()], [view.plain(), view.gutter("{:6}\t")]))
        parts = [text_part("Wall time: 0.0046 seconds\nOutput:"), *map(text_part, texts), image_part()]
        arguments = {"query": view.path}
        source = Source(title=f"the output of files__show({_shortened(json.dumps(arguments))})")
        self._answer(function_call("files__show", arguments, self._call_id()), parts, source)

    def custom(self) -> None:
        view = self._view()
        script = f"show({view.path})"
        source = Source(title=f"the output of python({script})")
        self._answer(custom_call("python", script, self._call_id()), view.gutter("{:6}\t"), source)

    def write(self) -> None:
        view = self._view()
        arguments = {"file_path": view.path, "content": view.plain()}
        source = Source(view.path, f"the output of write({_shortened(json.dumps(arguments))})")
        self._answer(function_call("write", arguments, self._call_id()), "Done.", source)
        if view.plain().count("\n") >= 4:
            title = f'"content" in your write call for {view.path}'
            self._entries[-2] = replace(self._entries[-2], written=(title, view.plain()))

    def edit_by_line(self) -> None:
        path = self._numbers.choice(PATHS)
        arguments = {"path": path, "start_line": 3, "end_line": 4}
        source = Source(path, f"the output of edit_lines({_shortened(json.dumps(arguments))})")
        self._answer(function_call("edit_lines", arguments, self._call_id()), "Done.", source)

    def change_file(self) -> None:
        lines = self._files[self._numbers.choice(PATHS)]
        lines[self._numbers.randint(0, len(lines) - 1)] = f"changed {len(self._entries)}"
        self._add(message("Now change a line."))

    def answer_nobody(self) -> None:
        view = self._view()
        text = self._numbers.choice((view.plain(), self._in_header(view.plain()), view.gutter("{:6}\t")))
        self._add(function_output(text, f"missing_{len(self._entries)}"))

    def think(self) -> None:
        self._add({"type": "reasoning", "summary": [], "encrypted_content": "gAAAA" * 9})

    def compact(self) -> None:
        self._add({"type": "compaction", "encrypted_content": "gAAAA" * 9})

    def send_lone_surrogate(self) -> None:
        view = self._view()
        item = function_output(view.plain() + "\ud83d cut emoji", f"missing_{len(self._entries)}")
        self._entries.append(Entry(json.dumps(item), item))

    def _run(self, tool: str, command: str, text: str, view: View | None) -> None:
        key = "cmd" if tool == "exec_command" else "command"
        title = f'the output of "{_shortened(command.removeprefix("cd /repo && "))}"'
        gutters = "any" if " nl " in command else "none" if view else "viewer"
        source = Source(view.path, title, view.first, gutters) if view else Source(title=title, gutters=gutters)
        self._answer(function_call(tool, {key: command}, self._call_id()), text, source)

    def _answer(self, call: Item, output: object, source: Source) -> None:
        self._sources[call["call_id"]] = source
        self._add(call)
        answer = custom_output if call["type"] == "custom_tool_call" else function_output
        self._add(answer(output, call["call_id"]), source)

    def _add(self, item: Item, source: Source | None = None) -> None:
        ordered = dict(reversed(item.items())) if self._numbers.random() < 0.1 else item
        self._entries.append(Entry(self._style.written(ordered), ordered, source or Source()))

    def _call_id(self) -> str:
        """A new id, seldom one that was used before."""
        used = list(self._sources)
        return self._numbers.choice(used) if used and self._numbers.random() < 0.05 else f"call_{len(self._entries)}"

    def _view(self, *, whole: bool = False) -> View:
        path = self._numbers.choice(PATHS)
        lines = self._files[path]
        first = 1 if whole else self._numbers.choice((1, 1, 3, 8))
        last = len(lines) if whole else min(len(lines), first + self._numbers.choice((4, 12, 40)))
        ending = self._numbers.choice(("\n", "\n", "", "\r\n"))
        return View(path, first, lines[first - 1 : last], is_all=first == 1 and last == len(lines), ending=ending)

    def _in_header(self, text: str) -> str:
        chunk = f"{self._numbers.randint(0, 2**24):06x}"
        heads = (
            "",
            f"Chunk ID: {chunk}\nWall time: 0.0000 seconds\nProcess exited with code 0\nOutput:\n",
            "Exit code: 0\nWall time: 0 seconds\nTotal output lines: 40\nOutput:\n",
        )
        return self._numbers.choice(heads) + text

    def _cut(self, text: str) -> str:
        """The text as Codex cuts it in its middle, seldom."""
        if self._numbers.random() < 0.85 or len(text) < 200:
            return text
        middle = len(text) // 2
        return f"{text[:middle]}…{self._numbers.randint(1, 999)} tokens truncated…{text[middle + 50 :]}"


def _shortened(text: str) -> str:
    """Titles show at most 60 characters."""
    return text if len(text) <= 60 else text[:60] + "..."


_VIEWS: tuple[Callable[[SessionWriter], None], ...] = (
    SessionWriter.cat,
    SessionWriter.sed,
    SessionWriter.number_lines,
    SessionWriter.read,
    SessionWriter.view_window,
    SessionWriter.read_tagged,
    SessionWriter.shell_list,
    SessionWriter.code_mode,
    SessionWriter.shell_item,
    SessionWriter.mcp,
    SessionWriter.status,
)
_RARE: tuple[Callable[[SessionWriter], None], ...] = (
    SessionWriter.custom,
    SessionWriter.write,
    SessionWriter.edit_by_line,
    SessionWriter.change_file,
    SessionWriter.answer_nobody,
    SessionWriter.think,
    SessionWriter.compact,
    SessionWriter.send_lone_surrogate,
)
_STEPS = _VIEWS * 3 + _RARE


def session_from_seed(seed: int, longest: int = 12) -> Session:
    return SessionWriter(random.Random(seed)).session(longest)  # noqa: S311  test data
