"""An agent on the openai SDK, run by that SDK's own environment: works until the model answers with a message.

Prints one JSON object: the final message, and for each request when its events arrived.
"""

import importlib
import json
import shlex
import subprocess
import sys
import time
from typing import Any

openai = importlib.import_module("openai")  # absent where this file is checked


def main(base_url: str, is_streaming: str) -> None:
    client = openai.OpenAI(base_url=base_url, api_key="some-key", max_retries=0)
    items: list[dict[str, Any]] = [{"role": "user", "content": "Read areas.py."}]
    arrivals: list[list[float]] = []
    while items[-1].get("type") != "message":
        times, reply = ask(client, items, is_streaming=is_streaming == "stream")
        arrivals.append(times)
        for item in reply:
            items.append(item.to_dict())
            if item.type == "function_call":
                items.append(output_of(item, as_list=len(arrivals) % 2 == 0))
    json.dump({"final": items[-1]["content"][0]["text"], "arrivals": arrivals}, sys.stdout)


def ask(client: Any, items: list[dict[str, Any]], *, is_streaming: bool) -> tuple[list[float], list[Any]]:
    reply = client.responses.create(model="loopback", input=items, stream=is_streaming, store=False)
    if not is_streaming:
        return [], reply.output
    events = [(time.monotonic(), event) for event in reply]
    return [arrived for arrived, _ in events], events[-1][1].response.output


def output_of(call: Any, *, as_list: bool) -> dict[str, Any]:
    command = shlex.split(json.loads(call.arguments)["cmd"])
    text = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    parts = [{"type": "input_text", "text": part} for part in ("Exit code: 0", text)]
    return {"type": "function_call_output", "call_id": call.call_id, "output": parts if as_list else text}


if __name__ == "__main__":
    main(*sys.argv[1:])
