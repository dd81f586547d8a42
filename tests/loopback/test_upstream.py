import gzip
import http.client
import json
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.loopback.context_limit import count_read
from tests.loopback.upstream import CustomToolCall
from tests.loopback.upstream import FunctionCall
from tests.loopback.upstream import LoopbackUpstream
from tests.loopback.upstream import Message

CHUNKED = "Transfer-Encoding: chunked\r\n\r\n"
BODY: dict[str, Any] = {"model": "any", "input": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
def upstream() -> Iterator[LoopbackUpstream]:
    script = [(FunctionCall("exec_command", {"cmd": "ls"}), CustomToolCall("exec", "text(1)")), (Message("Done."),)]
    with LoopbackUpstream(script, event_delay=0.01) as upstream:
        yield upstream


def ask(upstream: LoopbackUpstream, path: str, body: Any, method: str = "POST") -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", upstream.port, timeout=10)) as connection:
        connection.request(method, path, json.dumps(body))
        response = connection.getresponse()
        return response.status, response.read()


def test_whole_reply_holds_the_turn_and_the_usage(upstream: LoopbackUpstream) -> None:
    status, reply = ask(upstream, "/v1/responses?beta=true", BODY)
    function_call, custom_call = json.loads(reply)["output"]
    assert status == 200
    assert (function_call["name"], function_call["arguments"]) == ("exec_command", '{"cmd": "ls"}')
    assert (custom_call["name"], custom_call["input"]) == ("exec", "text(1)")
    assert json.loads(reply)["usage"]["input_tokens"] == len(json.dumps(BODY)) // 4


def test_above_its_context_limit_it_refuses_as_the_api_does() -> None:
    read = BODY | {"instructions": "one two", "tools": [{"type": "function", "name": "three"}]}
    with LoopbackUpstream([(Message("Done."),)], count_tokens=count_read, context_limit=5) as upstream:
        assert ask(upstream, "/v1/responses", BODY)[0] == 200
        for _ in range(2):
            status, reply = ask(upstream, "/v1/responses", read | {"stream": True})
            error = json.loads(reply)["error"]
            assert (status, error["code"]) == (400, "context_length_exceeded")
            assert error["message"].startswith(
                "This model's maximum context length is 5 tokens. However, you requested 6"
            )
    assert upstream.refused_at == 2


def test_stream_tells_the_turn_as_events_with_pauses(upstream: LoopbackUpstream) -> None:
    ask(upstream, "/v1/responses", BODY)
    _, reply = ask(upstream, "/v1/responses", BODY | {"stream": True})
    events = [json.loads(line[6:]) for line in reply.decode().split("\n") if line.startswith("data: ")]
    assert [event["type"].removeprefix("response.") for event in events] == [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]
    times = upstream.requests[-1].event_times
    assert len(times) == len(events)
    assert times[-1] - times[0] >= 0.01 * (len(events) - 1)


def test_body_that_earlier_requests_share_counts_as_cached(upstream: LoopbackUpstream) -> None:
    ask(upstream, "/v1/responses", BODY)
    _, reply = ask(upstream, "/v1/responses", BODY)
    assert json.loads(reply)["usage"]["input_tokens_details"]["cached_tokens"] == len(json.dumps(BODY)) // 4


def test_previous_response_is_continued_when_it_was_stored(upstream: LoopbackUpstream) -> None:
    _, reply = ask(upstream, "/v1/responses", BODY)
    output = {"type": "function_call_output", "call_id": "call_1_0", "output": "README.md"}
    previous = {"previous_response_id": json.loads(reply)["id"]}
    status, _ = ask(upstream, "/v1/responses", BODY | previous | {"input": [output], "store": False})
    assert status == 200
    assert upstream.history.conversations[-1] == [*BODY["input"], *json.loads(reply)["output"], output]
    status, refusal = ask(upstream, "/v1/responses", BODY | {"previous_response_id": "resp_2"})
    assert (status, json.loads(refusal)["error"]["code"]) == (400, "previous_response_not_found")


def test_encoded_body_is_understood_and_kept_as_it_arrived(upstream: LoopbackUpstream) -> None:
    body = gzip.compress(json.dumps(BODY | {"model": "named"}).encode())
    with closing(http.client.HTTPConnection("127.0.0.1", upstream.port, timeout=10)) as connection:
        connection.request("POST", "/v1/responses", body, {"Content-Encoding": "gzip"})
        assert json.loads(connection.getresponse().read())["model"] == "named"
    assert upstream.requests[0].body == body


def test_document_answers_the_get_of_its_path(upstream: LoopbackUpstream) -> None:
    upstream.documents["/account"] = {"plan": "pro"}
    assert ask(upstream, "/account?fresh=1", None, "GET") == (200, b'{"plan": "pro"}')


def test_request_is_kept_as_it_arrived_and_the_connection_stays(upstream: LoopbackUpstream) -> None:
    head = b"POST /other HTTP/1.1\r\nhOSt: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = b"3;x=1\r\nabc\r\n2\r\n\xff\x00\r\n0\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", upstream.port), timeout=10)) as connection:
        connection.sendall(head + chunks + b"GET /models HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        replies = b"".join(iter(lambda: connection.recv(65536), b""))
    assert re.findall(rb"HTTP/1\.1 ([0-9]+)", replies) == [b"404", b"200"]
    assert upstream.requests[0].headers == [("hOSt", "a"), ("Transfer-Encoding", "chunked")]
    assert upstream.requests[0].body == b"abc\xff\x00"


@pytest.mark.parametrize(
    "part", ["Content-Length: 9\r\n\r\n", "Content-Length: 9\r\n\r\nabc", CHUNKED, f"{CHUNKED}9\r\nabc"]
)
def test_request_whose_body_does_not_come_whole_is_not_kept(upstream: LoopbackUpstream, part: str) -> None:
    with closing(socket.create_connection(("127.0.0.1", upstream.port), timeout=10)) as connection:
        connection.sendall(f"POST /v1/responses HTTP/1.1\r\nHost: a\r\n{part}".encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert upstream.requests == []


def test_certificate_satisfies_a_strict_client() -> None:
    with LoopbackUpstream([], tls=True) as upstream:
        context = ssl.create_default_context(cafile=upstream.authority)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        with closing(http.client.HTTPSConnection("127.0.0.1", upstream.port, context=context)) as connection:
            connection.request("GET", "/v1/models")
            assert connection.getresponse().status == 200
