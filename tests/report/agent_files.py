"""Recordings in the shapes of several agents, made up: each reads the same file twice and has a last word."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.report.reads import ROWS

CALLS = ("call_1", "call_2")
DONE = "Done."
PROMPT = "Read it."


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def copilot(path: Path) -> None:
    records: list[Any] = [
        {"type": "session.start", "data": {"sessionId": "5d2c", "context": {"cwd": "/home/dev/app"}}},
        {"type": "system.message", "data": {"role": "system", "content": "Be brief."}},
        {"type": "user.message", "data": {"content": "Read.", "transformedContent": PROMPT}},
    ]
    for call in CALLS:
        asked = {"toolCallId": call, "name": "bash", "arguments": {"command": "cat values.py"}}
        result = {"content": ROWS, "detailedContent": "shown"}
        usage = {"inputTokens": 100, "outputTokens": 5, "cacheReadTokens": 40}
        records += [
            {"type": "session.usage_record", "data": {"usage": usage}},
            {"type": "assistant.message", "data": {"content": "", "toolRequests": [asked]}},
            {"type": "tool.execution_start", "data": {**asked, "toolName": "bash"}},
            {"type": "tool.execution_complete", "data": {"toolCallId": call, "success": True, "result": result}},
        ]
    path.write_text(lines(*records, {"type": "assistant.message", "data": {"content": DONE, "toolRequests": []}}))


def pi(path: Path) -> None:
    records: list[Any] = [{"type": "session", "version": 3, "id": "5d2c", "cwd": "/home/dev/app"}]
    records.append(pi_line("user", [{"type": "text", "text": PROMPT}]))
    for call in CALLS:
        asked = {"type": "toolCall", "id": f"{call}|fc_1", "name": "read", "arguments": {"path": "values.py"}}
        usage = {"input": 60, "cacheRead": 40, "cacheWrite": 0, "output": 5}
        result = [{"type": "text", "text": ROWS}]
        records.append(pi_line("assistant", [{"type": "thinking", "thinking": "Hm."}, asked], usage=usage))
        records.append(pi_line("toolResult", result, toolCallId=f"{call}|fc_1", toolName="read"))
    path.write_text(lines(*records, pi_line("assistant", [{"type": "text", "text": DONE}])))


def pi_line(role: str, content: object, **members: Any) -> dict[str, Any]:
    return {"type": "message", "message": {"role": role, "content": content, **members}}


def qwen_line(kind: str, *parts: object, **members: Any) -> dict[str, Any]:
    role = "model" if kind == "assistant" else "user"
    return {"type": kind, "sessionId": "5d2c", "message": {"role": role, "parts": list(parts)}, **members}


def qwen(path: Path) -> None:
    records = [qwen_line("user", {"text": PROMPT})]
    for call in CALLS:
        asked = {"id": call, "name": "read_file", "args": {"absolute_path": "/home/dev/app/values.py"}}
        result = {"id": call, "name": "read_file", "response": {"output": ROWS}}
        usage = {"promptTokenCount": 100, "cachedContentTokenCount": 40, "candidatesTokenCount": 5}
        thought = {"text": "Hm.", "thought": True}
        records.append(qwen_line("assistant", thought, {"functionCall": asked}, usageMetadata=usage))
        records.append(qwen_line("tool_result", {"functionResponse": result}))
    path.write_text(lines(*records, qwen_line("assistant", {"text": DONE})))


def cline(path: Path) -> None:
    messages: list[Any] = [{"role": "user", "content": [{"type": "text", "text": PROMPT}]}]
    for call in CALLS:
        asked = {"type": "tool_use", "id": call, "name": "run_commands", "input": {"commands": ["cat values.py"]}}
        content = [{"query": "cat values.py", "result": ROWS, "success": True}]
        messages.append({"role": "assistant", "content": [asked]})
        messages.append({"role": "user", "content": [{"type": "tool_result", "tool_use_id": call, "content": content}]})
    messages.append({"role": "assistant", "content": DONE})
    told = {"version": 1, "agent": "lead", "sessionId": "5d2c", "system_prompt": "Be brief."}
    path.write_text(json.dumps({**told, "messages": messages}))


def continue_(path: Path) -> None:
    history: list[Any] = [{"message": {"role": "user", "content": PROMPT}, "contextItems": []}]
    for call in CALLS:
        function = {"name": "Read", "arguments": '{"filepath":"values.py"}'}
        asked = {"id": call, "type": "function", "function": function}
        state = {"toolCallId": call, "toolCall": asked, "status": "done", "output": [{"content": ROWS, "name": "Read"}]}
        message = {"role": "assistant", "content": "", "toolCalls": [asked]}
        history.append({"message": message, "contextItems": [], "toolCallStates": [state]})
    history.append({"message": {"role": "assistant", "content": DONE}, "contextItems": []})
    path.write_text(json.dumps({"sessionId": "5d2c", "workspaceDirectory": "/home/dev/app", "history": history}))


TABLES = """
CREATE TABLE session (id TEXT PRIMARY KEY, directory TEXT, time_created INTEGER, time_updated INTEGER);
CREATE TABLE message (id TEXT PRIMARY KEY, session_id TEXT, time_created INTEGER, data TEXT);
CREATE TABLE part (id TEXT PRIMARY KEY, message_id TEXT, session_id TEXT, data TEXT);
"""


def opencode(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        fill(database)


def fill(database: sqlite3.Connection, session: str = "ses_1", updated: int = 1_795_897_500_000) -> None:
    """One session of a database. The call and its output are one part."""
    database.executescript(TABLES.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"))
    database.execute("INSERT INTO session VALUES (?, '/home/dev/app', ?, ?)", (session, updated, updated))
    parts: list[tuple[str, Any]] = [("user", {"type": "text", "text": PROMPT})]
    for call in CALLS:
        state = {"status": "completed", "input": {"command": "cat values.py"}, "output": ROWS}
        parts.append(("assistant", {"type": "tool", "tool": "bash", "callID": call, "state": state}))
    parts.append(("assistant", {"type": "text", "text": DONE}))
    for place, (role, part) in enumerate(parts):
        message, tokens = f"msg_{session}_{place}", {"input": 60, "output": 5, "cache": {"read": 40, "write": 0}}
        data = {"role": role, **({"tokens": tokens} if "state" in part else {})}
        database.execute("INSERT INTO message VALUES (?, ?, ?, ?)", (message, session, updated, json.dumps(data)))
        database.execute(
            "INSERT INTO part VALUES (?, ?, ?, ?)", (f"prt_{session}_{place}", message, session, json.dumps(part))
        )
    database.commit()
