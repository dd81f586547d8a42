"""Who called a tool, and reads what it prints, where that is not the one model of a session.

Programmatic tool calling: the server runs a program that the model wrote. `caller` says which calls are the program's;
it parses what they return, and the model is told its result only. Multi-agent beta: several models are at work in one
session. `agent` says whose an item is; the first of them is the root, and none sees what another one was shown.
(openai-python 3.57, `ResponseInputItem` and `BetaResponseInputItem`; clients copy both from the call to its output.)
"""

from __future__ import annotations

from collections.abc import Mapping

_ROOT = "/root"


def is_of_program(item: Mapping[str, object]) -> bool:
    """Whether a call, or an output, is that of a program; also of a caller that is not known here."""
    caller = item.get("caller")
    return isinstance(caller, dict) and caller.get("type", "direct") != "direct"


def is_of_subagent(item: Mapping[str, object]) -> bool:
    """Whether another model than the one that the session began with has made a call, or reads an output."""
    agent = item.get("agent")
    return isinstance(agent, dict) and agent.get("agent_name", _ROOT) != _ROOT
