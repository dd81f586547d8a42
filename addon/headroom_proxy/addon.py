"""The addon itself: mitmproxy's hooks.

No hook of a flow raises: mitmproxy would log most exceptions, but hang the flow for ever on a BaseException.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from functools import partial
from typing import TYPE_CHECKING
from typing import Final

from mitmproxy import ctx
from mitmproxy.exceptions import OptionsError

import headroom_compression
from headroom_compression import Memory
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_proxy import options
from headroom_proxy import replies
from headroom_proxy import requests
from headroom_proxy.worker import Worker
from headroom_proxy.worker import WorkFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mitmproxy.addonmanager import Loader
    from mitmproxy.http import HTTPFlow

    from headroom_compression import CompressedBody
    from headroom_compression import Report
    from headroom_compression import Settings

    Compress = Callable[[bytes, Settings, Memory], CompressedBody]

WATCHDOG_SECONDS: Final = 10.0  # new outputs take milliseconds; an agent's own time limit is minutes

# Python in the worker holds the event loop up by this much at a time:
# with the default of 5 ms the p99 of an unrelated request is 55 ms, with this one 8 ms.
SWITCH_INTERVAL: Final = 0.0005

logger = logging.getLogger(__name__)


class HeadroomAddon:
    name = "headroom"  # mitmproxy wants it unique among all addons

    def __init__(
        self,
        compress: Compress = compress_request_body,
        load_tokenizer: Callable[[], object] = tokens.load,
        watchdog_seconds: float = WATCHDOG_SECONDS,
    ) -> None:
        self._compress = compress
        self._load_tokenizer = load_tokenizer
        self._watchdog_seconds = watchdog_seconds
        self._choices = options.Choices()
        self._worker = Worker()
        self._memory = Memory()
        self._is_running = False
        self._has_warned_of_streaming = False
        self._switch_interval_before: float | None = None
        self._refusing_hosts: set[str] = set()

    def load(self, loader: Loader) -> None:
        options.declare(loader)

    def configure(self, updated: set[str]) -> None:
        if not any(name.startswith(options.PREFIX) for name in updated) and "stream_large_bodies" not in updated:
            return
        choices = options.read(ctx.options)
        if choices.is_on and not self._choices.is_on:
            self._switch_on()
        if not choices.is_on:
            self._switch_off()
        self._choices = choices
        self._warn_of_streaming()
        if self._is_running:
            self._announce()

    def running(self) -> None:
        self._is_running = True
        self._announce()
        for name in options.unknown_names(ctx.options):
            logger.warning("headroom-addon: there is no option %s, it has no effect.", name)

    def done(self) -> None:
        self._switch_off()
        self._choices = options.Choices()

    async def request(self, flow: HTTPFlow) -> None:
        try:
            if self._may_edit(flow) and not requests.pop_bypass(flow.request):
                await self._edit(flow)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            _log_failure(error)
        except BaseException as error:  # noqa: BLE001  the request must go on, whatever it was
            _log_failure(error)

    def responseheaders(self, flow: HTTPFlow) -> None:
        if not self._choices.is_on or flow.response is None:
            return
        replies.stream_events(flow.response)
        if requests.EDITED_MARK in flow.metadata and replies.is_refusal(flow.response):
            self._explain_refusal(flow.request.host, flow.response.status_code)

    def _may_edit(self, flow: HTTPFlow) -> bool:
        choices = self._choices
        return (
            choices.is_on
            and requests.is_responses_request(flow.request)
            and (choices.only is None or bool(choices.only(flow)))
            and requests.may_be_edited(flow)
        )

    async def _edit(self, flow: HTTPFlow) -> None:
        raw = flow.request.raw_content
        choices = self._choices
        if raw is None:
            return

        def compress(body: bytes) -> CompressedBody:  # takes the memory that is there when its turn comes
            return self._compress(body, choices.settings, self._memory)

        work = partial(requests.edit_body, raw, flow.request.headers.get_all("content-encoding"), compress)
        edited = await self._run(work)
        if edited is None or flow.request.raw_content is not raw:
            return
        logger.info("headroom: %s%s", "dry run, " if choices.is_dry_run else "", _describe(edited.report))
        if not choices.is_dry_run:
            requests.replace_body(flow.request, edited.raw)
            flow.metadata[requests.EDITED_MARK] = True

    async def _run(self, work: Callable[[], requests.EditedBody | None]) -> requests.EditedBody | None:
        try:
            return await self._worker.run(work, self._watchdog_seconds)
        except (TimeoutError, asyncio.CancelledError):
            self._memory = Memory()  # the thread that is left behind may still write into the other one
            raise

    def _switch_on(self) -> None:
        self._refusing_hosts.clear()
        if self._is_running:
            self._worker.start(self._load_tokenizer_late)
        else:
            self._load_tokenizer_first()
        self._switch_interval_before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL)

    def _switch_off(self) -> None:
        self._worker.close()
        self._memory = Memory()
        if self._switch_interval_before is not None:
            sys.setswitchinterval(self._switch_interval_before)
            self._switch_interval_before = None

    def _load_tokenizer_first(self) -> None:
        try:
            self._load_tokenizer()
        except Exception as error:
            raise OptionsError(f"headroom-addon cannot load its tokenizer: {error}") from error

    def _load_tokenizer_late(self) -> None:
        try:
            self._load_tokenizer()
        except Exception as error:  # noqa: BLE001  the proxy is serving: requests will pass through
            logger.warning("headroom-addon cannot load its tokenizer: %s", error)

    def _announce(self) -> None:
        settings = self._choices.settings
        state = f"on, level {settings.level}, references {settings.references}" if self._choices.is_on else "off"
        logger.info("headroom-addon %s: %s", headroom_compression.__version__, state)

    def _warn_of_streaming(self) -> None:
        streams_requests = getattr(ctx.options, "stream_large_bodies", None)  # declared by an addon of mitmproxy
        if self._choices.is_on and streams_requests and not self._has_warned_of_streaming:
            self._has_warned_of_streaming = True
            logger.warning("headroom-addon: requests over stream_large_bodies are streamed and cannot be compressed.")

    def _explain_refusal(self, host: str, status: int) -> None:
        if host in self._refusing_hosts:
            return
        self._refusing_hosts.add(host)
        logger.warning(
            "headroom: %s answered %d to a compressed request. If it takes the original, leave this host out with "
            "compress_only, or send the header %s with such requests.",
            host,
            status,
            requests.BYPASS_HEADER,
        )


def _describe(report: Report) -> str:
    shortened = f"{len(report.shortened)} shortened, {report.tokens_before:,} -> {report.tokens_after:,} tokens in them"
    return f"responses, {report.tool_texts} new output{'' if report.tool_texts == 1 else 's'}, {shortened}"


def _log_failure(error: BaseException) -> None:
    reason = str(error) if isinstance(error, WorkFailedError) else type(error).__name__
    logger.warning("headroom: a request passed through unchanged: %s", reason)
