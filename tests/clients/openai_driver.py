"""An agent on the openai SDK, run by that SDK's own environment: works until the model answers with a message.

Prints one JSON object: the final message, and for each request when its events arrived.
The modes `stored` and `websocket` send new items only, with the id of the response before.
"""

import importlib
import json
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

openai = importlib.import_module("openai")  # absent where this file is checked

MODES_OF_INCREMENTS = {"stored", "websocket"}
Ask = Callable[[dict[str, Any]], tuple[list[float], Any]]


def main(base_url: str, mode: str) -> None:
    client = openai.OpenAI(base_url=base_url, api_key="some-key", max_retries=0)
    with connected(client) if mode == "websocket" else nullcontext() as connection:
        asks: dict[str, Ask] = {
            "stream": lambda request: last_response(client.responses.create(**request, stream=True)),
            "websocket": lambda request: last_response(answer_to(request, connection)),
        }
        ask = asks.get(mode, lambda request: ([], client.responses.create(**request)))
        final, arrivals = work(ask, sends_increments=mode in MODES_OF_INCREMENTS)
    json.dump({"final": final, "arrivals": arrivals}, sys.stdout)


def work(ask: Ask, *, sends_increments: bool) -> tuple[str, list[list[float]]]:
    items: list[dict[str, Any]] = [{"role": "user", "content": "Read areas.py."}]
    request: dict[str, Any] = {"model": "loopback", "store": sends_increments}
    arrivals: list[list[float]] = []
    while True:
        times, response = ask(request | {"input": items})
        arrivals.append(times)
        calls = [item for item in response.output if item.type == "function_call"]
        if not calls:
            return response.output_text, arrivals
        outputs = [output_of(call, as_list=len(arrivals) % 2 == 0) for call in calls]
        if sends_increments:
            request["previous_response_id"], items = response.id, outputs
        else:
            items += [*(item.to_dict() for item in response.output), *outputs]


def answer_to(request: dict[str, Any], connection: Any) -> Iterable[Any]:
    connection.response.create(**request)
    for event in connection:
        yield event
        if event.type == "response.completed":
            return


def connected(client: Any) -> Any:
    """A WebSocket connection; the SDK itself waits for 10 seconds, which a machine at work may take to open it."""
    return client.responses.connect(websocket_connection_options={"open_timeout": 60})


def last_response(events: Iterable[Any]) -> tuple[list[float], Any]:
    arrived = [(time.monotonic(), event) for event in events]
    return [moment for moment, _ in arrived], arrived[-1][1].response


def output_of(call: Any, *, as_list: bool) -> dict[str, Any]:
    command = shlex.split(json.loads(call.arguments)["cmd"])
    text = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    parts = [{"type": "input_text", "text": part} for part in ("Exit code: 0", text)]
    return {"type": "function_call_output", "call_id": call.call_id, "output": parts if as_list else text}


if __name__ == "__main__":
    main(*sys.argv[1:])
