"""Every item type that the SDK knows is one that we decided about: a new one in a new SDK fails here."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from headroom_compression.wire.items import CALLS
from headroom_compression.wire.items import TOOL_OUTPUTS
from headroom_proxy.http.websockets import REQUESTS
from tests.clients.test_openai_sdk import python_with_sdk

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["python_with_sdk"]  # a fixture

LEFT_ALONE = {
    "the user's or the client's": {
        "additional_tools",
        "compaction_trigger",
        "configuration_update",
        "item_reference",
        "mcp_approval_response",
        "message",
        "tool_search_output",
    },
    "the model's": {
        "agent_message",
        "apply_patch_call",
        "computer_call",
        "multi_agent_call",
        "multi_agent_call_output",
        "program",
        "reasoning",
        "tool_search_call",
        "web_search_call",
    },
    "the server's": {
        "code_interpreter_call",
        "file_search_call",
        "image_generation_call",
        "mcp_approval_request",
        "mcp_call",
        "mcp_list_tools",
        "program_output",
    },
    "no text, a short one, or JSON that must stay JSON": {
        "apply_patch_call_output",
        "computer_call_output",
        "local_shell_call_output",
    },
}
ITEMS = """
from openai.types.beta.beta_response_input_item_param import BetaResponseInputItemParam
from openai.types.responses.response_input_item_param import ResponseInputItemParam
members = [*get_args(ResponseInputItemParam), *get_args(BetaResponseInputItemParam)]
"""
EVENTS = """
from openai.types.responses.responses_server_event import ResponsesServerEvent
members = get_args(get_args(ResponsesServerEvent)[0])
"""
BETA_EVENTS = """
from openai.types.beta.beta_responses_server_event import BetaResponsesServerEvent
members = get_args(get_args(BetaResponsesServerEvent)[0])
"""
BETA_CLIENT_EVENTS = """
from openai.types.beta.beta_responses_client_event import BetaResponsesClientEvent
members = get_args(get_args(BetaResponsesClientEvent)[0])
"""
TYPES_OF_MEMBERS = """
import json
from typing import Literal, get_args, get_origin, get_type_hints
def literals(hint):
    return {hint} if isinstance(hint, str) else {word for part in get_args(hint) for word in literals(part)}
def hint(member):
    models = getattr(member, "model_fields", None)
    return models["type"].annotation if models else get_type_hints(member).get("type")
%s
print(json.dumps(sorted({word for member in members for word in literals(hint(member))})))
"""


def types_in(python: Path, members: str) -> set[str]:
    printed = subprocess.run([python, "-c", TYPES_OF_MEMBERS % members], capture_output=True, check=True).stdout
    return set(json.loads(printed))


def test_every_item_type_is_known(python_with_sdk: Path) -> None:
    known = {*TOOL_OUTPUTS, *CALLS, "compaction"}.union(*LEFT_ALONE.values())
    assert types_in(python_with_sdk, ITEMS) == known


def test_the_events_that_are_read_exist(python_with_sdk: Path) -> None:
    read = {f"response.{name}" for name in ("created", "output_item.done", "completed", "incomplete", "failed")}
    steered = {f"response.steer.{name}" for name in ("accepted", "pending", "failed")}
    assert read | steered | {"error"} <= types_in(python_with_sdk, EVENTS)
    added = {f"response.inject.{name}" for name in ("created", "failed")}
    assert added <= types_in(python_with_sdk, BETA_EVENTS)


def test_what_clients_send_over_a_websocket_is_known(python_with_sdk: Path) -> None:
    assert types_in(python_with_sdk, BETA_CLIENT_EVENTS) == {*REQUESTS, "response.steer"}
