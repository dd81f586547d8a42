"""Error answers that name the context limit of a route: nothing else tells it.

Wordings, from the servers themselves and reports of their users:
- OpenAI, vLLM, TensorRT-LLM: code `context_length_exceeded`, or "This model's maximum context length is 8192 tokens.
  However, you requested 8203 tokens" (vllm-project/vllm#19464, langchain-ai/langchain#24058,
  NVIDIA/TensorRT-LLM#19457), and "...is 8192 tokens, but the prompt contains 9000 input tokens";
- Azure: the same, and "However, your messages resulted in 5818 tokens" (microsoft/kernel-memory#278);
- vLLM of 2026 (reworded in vllm-project/vllm#36197) and its hosts: "However, you requested 64000 output tokens and your
  prompt contains at least 138753 input tokens", of which the first are for the answer; from its engine "The decoder
  prompt (length 15983) is longer than the maximum model length of 8192" (linagora/openrag#128);
- SGLang: "The input (61709 tokens) is longer than the model's context length (40960 tokens)" (sgl-project/sglang#8096),
  "Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens)" (sgl-project/sglang#4048);
- GitHub Copilot: code `model_max_prompt_tokens_exceeded`, "prompt token count of 146270 exceeds the limit of 128000"
  (opencode-ai/opencode#305, microsoft/vscode#289219);
- Moonshot: "Your request exceeded model token limit: 262144 (requested: 269030)" (MoonshotAI/kimi-cli#2011);
- Alibaba's Model Studio: "Range of input length should be [1, 204800]" (QwenLM/qwen-code#98);
- Amazon Bedrock: "Input is too long for requested model." (aws-samples/bedrock-chat#95);
- LM Studio: "Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with
  context length of only 32768 tokens" (lmstudio-ai/lmstudio-bug-tracker#546), "greater than the context length (n_keep:
  13055>= n_ctx: 4096)" (Gitlawb/openclaude#353);
- xAI: "This model's maximum prompt length is 131072 but the request contains 136973 tokens" (cline/cline#3120);
- Gemini, which gateways stand in front of: "The input token count (1054016) exceeds the maximum number of tokens
  allowed (1048576)" (google-gemini/gemini-cli#13006);
- OpenAI with newer models: "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 289650
  tokens" (cline/cline#5474), "Your input exceeds the context window of this model" (anomalyco/opencode#6071);
- OpenRouter: "This endpoint's maximum context length is 32768 tokens. However, you requested about 42832 tokens"
  (refly-ai/refly#1177, OpenHands/OpenHands#9937);
- Anthropic, which gateways stand in front of: "prompt is too long: 219898 tokens > 200000 maximum"
  (earendil-works/pi#102), "exceed context limit: 199000 + 8192 > 200000", of which the second is for the answer;
- LiteLLM: "ContextWindowExceededError: " before the words of the server behind it (BerriAI/litellm#4988);
- llama.cpp: type `exceed_context_size_error` with `n_prompt_tokens` and `n_ctx`, "request (9412 tokens) exceeds the
  available context size (8192 tokens)" (ggml-org/llama.cpp#15780).
"""

from __future__ import annotations

import re
from typing import NamedTuple

# An error answer is a few hundred bytes; gateways put that of the server behind them into theirs.
MAX_READ = 16 * 1024
_TELLS = re.compile(
    r"context_length_exceeded|exceed_context_size|ContextWindowExceeded"
    r"|maximum context length|available context size|exceeds? the (?:context window|configured limit)"
    r"|prompt is too long|exceed context limit|maximum (?:prompt|model) length"
    r"|longer than the model.{1,3}s context length|exceeds the maximum (?:number of tokens allowed|allowed length)"
    r"|max_prompt_tokens_exceeded|prompt token count of [0-9,]{1,12} exceeds|exceeded model token limit"
    r"|Range of input length should be|Input is too long for requested model"
    r"|loaded with context length of|greater than the context length \(n_keep",
    re.IGNORECASE,
)
_NUMBER = r"([1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}|[1-9][0-9]{2,9})"
_LIMITS = tuple(
    re.compile(words + _NUMBER, re.IGNORECASE)
    for words in (
        r"context length is (?:only )?",
        r"maximum (?:prompt length is|model length of) ",
        r"(?:context length|tokens allowed|allowed length) \(",
        r"token count of [0-9,]{1,12} exceeds the limit of ",
        r"model token limit: ",
        r"Range of input length should be \[[0-9]{1,9}, ?",
        r"context length of only ",
        r"\bn_ctx: ?",
        r"configured limit of ",
        r"available context size \(",
        r'\\?"n_ctx\\?": ?',
        r"tokens > ",
        r"context limit: [0-9,]{1,12} \+ [0-9,]{1,12} > ",
    )
)
_SENT = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\({_NUMBER} (?:tokens )?in the messages",  # rather than the sum with the tokens of the answer
        rf"(?:prompt|request) contains(?: at least)? {_NUMBER}",  # rather than the tokens of the answer
        rf"(?:requested|resulted in)(?: about)? {_NUMBER}",
        rf"(?:request|request has|prompt is too long:|context limit:) \(?{_NUMBER}",
        rf"(?:prompt \(length|input \(|input length \(|token count \() ?{_NUMBER}",
        rf"(?:prompt token count of|\(requested:|keep the first|\bn_keep:) ?{_NUMBER}",
        rf'\\?"n_prompt_tokens\\?": ?{_NUMBER}',
    )
)


class ContextLimit(NamedTuple):
    """In tokens, None for what the answer does not name."""

    limit: int | None
    sent: int | None


def read_context_limit(body: bytes) -> ContextLimit | None:
    """What an error answer says of the limit; None when that is not what it is about."""
    text = body[:MAX_READ].decode("utf-8", "replace")
    if not _TELLS.search(text):
        return None
    return ContextLimit(_first(_LIMITS, text), _first(_SENT, text))


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    found = next((match for pattern in patterns if (match := pattern.search(text))), None)
    return int(found[1].replace(",", "")) if found else None
