"""Which error answers name a context limit, in the words of the servers that do."""

from __future__ import annotations

import json

import pytest

from headroom_proxy.http.context_limits import MAX_READ
from headroom_proxy.http.context_limits import ContextLimit
from headroom_proxy.http.context_limits import read_context_limit

OPENAI = "This model's maximum context length is 8192 tokens. However, you requested 8203 tokens."
NEWER = "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 289650 tokens."
LLAMA = "request (9412 tokens) exceeds the available context size (8192 tokens), try increasing it"


def answer(message: str, **members: object) -> bytes:
    return json.dumps({"error": {"message": message, "type": "invalid_request_error", **members}}).encode()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (answer(OPENAI, code="context_length_exceeded"), ContextLimit(8192, 8203)),
        (answer("Your input exceeds the context window of this model."), ContextLimit(None, None)),
        (answer("No.", code="context_length_exceeded"), ContextLimit(None, None)),
        (answer(NEWER), ContextLimit(272000, 289650)),
        (
            answer("This endpoint's maximum context length is 32768 tokens. However, you requested about 42832 tokens"),
            ContextLimit(32768, 42832),
        ),
        (
            answer("this model's maximum context length is 4096 tokens, but the prompt contains 9000 input tokens"),
            ContextLimit(4096, 9000),
        ),
        (answer(f"litellm.ContextWindowExceededError: {answer(OPENAI).decode()}"), ContextLimit(8192, 8203)),
        (answer(LLAMA, type="exceed_context_size_error"), ContextLimit(8192, 9412)),
        (
            answer("too long", type="exceed_context_size_error", n_prompt_tokens=1407, n_ctx=256),
            ContextLimit(256, 1407),
        ),
        (answer("prompt is too long: 219898 tokens > 200000 maximum"), ContextLimit(200000, 219898)),
        (
            answer(
                "This model's maximum context length is 128000 tokens. However, you requested 132000 tokens "
                "(4000 in the messages, 128000 in the completion)."
            ),
            ContextLimit(128000, 4000),
        ),
        (
            answer("the model's maximum context length is only 8192 tokens, your request has 9000 input tokens"),
            ContextLimit(8192, 9000),
        ),
        (
            answer("input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000, decrease one of them"),
            ContextLimit(200000, 199000),
        ),
        (
            answer(
                "This model's maximum context length is 202752 tokens. However, you requested 64000 output tokens and "
                "your prompt contains at least 138753 input tokens, for a total of at least 202753 tokens."
            ),
            ContextLimit(202752, 138753),
        ),
        (
            answer(
                "This model's maximum context length is 4096 tokens. However, your messages resulted in 5818 tokens."
            ),
            ContextLimit(4096, 5818),
        ),
        (
            answer(
                "'max_tokens' or 'max_completion_tokens' is too large: 8000. This model's maximum context length is "
                "4096 tokens and your request has 2778 input tokens (8000 > 4096 - 2778). None"
            ),
            ContextLimit(4096, 2778),
        ),
        (
            answer("The decoder prompt (length 15983) is longer than the maximum model length of 8192. Make sure that"),
            ContextLimit(8192, 15983),
        ),
        (
            answer("The input (61709 tokens) is longer than the model's context length (40960 tokens)."),
            ContextLimit(40960, 61709),
        ),
        (
            answer("This model's maximum prompt length is 131072 but the request contains 136973 tokens."),
            ContextLimit(131072, 136973),
        ),
        (
            answer("The input token count (1054016) exceeds the maximum number of tokens allowed (1048576)."),
            ContextLimit(1048576, 1054016),
        ),
        (
            answer("prompt token count of 146270 exceeds the limit of 128000", code="model_max_prompt_tokens_exceeded"),
            ContextLimit(128000, 146270),
        ),
        (answer("prompt token count of 65446 exceeds the limit of 64000"), ContextLimit(64000, 65446)),
        (
            answer("Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)"),
            ContextLimit(262144, 269030),
        ),
        (
            answer("<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 204800]"),
            ContextLimit(204800, None),
        ),
        (answer("Input is too long for requested model."), ContextLimit(None, None)),
        (
            answer("Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens)."),
            ContextLimit(59862, 160062),
        ),
        (
            answer(
                "Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with "
                "context length of only 32768 tokens, which is not enough."
            ),
            ContextLimit(32768, 111490),
        ),
        (
            answer("greater than the context length (n_keep: 13055>= n_ctx: 4096). Try to load the model with"),
            ContextLimit(4096, 13055),
        ),
        (answer("Request too large: Limit 10000, Requested 21247 on tokens per minute"), None),
        (answer("Your request count exceeds the limit of 60 a minute"), None),
        (answer("Invalid 'tools' format"), None),
        (b"\xff not JSON", None),
        (b"", None),
    ],
)
def test_reads_what_the_answer_names(body: bytes, found: ContextLimit | None) -> None:
    assert read_context_limit(body) == found


def test_reads_the_beginning_only() -> None:
    assert read_context_limit(b" " * MAX_READ + answer(OPENAI)) is None
