"""The addon itself: mitmproxy's hooks.

No hook of a flow raises: mitmproxy would log most exceptions, but hang the flow for ever on a BaseException.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING
from typing import Final

from mitmproxy import ctx

import headroom_compression
from headroom_compression import tokens
from headroom_proxy import encodings
from headroom_proxy import local_clients
from headroom_proxy import misspelt_names
from headroom_proxy import neighbours
from headroom_proxy import options
from headroom_proxy.answers import continuations
from headroom_proxy.answers import event_streams
from headroom_proxy.answers import exchanges
from headroom_proxy.answers.recorded_streams import complete_recording
from headroom_proxy.figures import reporter
from headroom_proxy.figures import sent_requests
from headroom_proxy.figures.mitmproxy_commands import ReportCommands
from headroom_proxy.guards import answer_goes_on
from headroom_proxy.guards import request_goes_on
from headroom_proxy.http import matching
from headroom_proxy.http import refusals
from headroom_proxy.http import websockets
from headroom_proxy.view import contentview
from headroom_proxy.view.originals import Originals
from headroom_proxy.work import long_reading
from headroom_proxy.work.afterwards import Afterwards
from headroom_proxy.work.compressor import Compressor
from headroom_proxy.work.worker import LongWorkError

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from collections.abc import Callable

    from mitmproxy.addonmanager import Loader
    from mitmproxy.http import HTTPFlow
    from mitmproxy.websocket import WebSocketMessage

    from headroom_compression import CompressedBody
    from headroom_proxy.work.compressor import Compress
    from headroom_proxy.work.compressor import Result

WATCHDOG_SECONDS: Final = 10.0  # new outputs take milliseconds; an agent's own time limit is minutes

logger = logging.getLogger(__name__)


class HeadroomAddon:
    name = "headroom"  # mitmproxy wants it unique among all addons

    def __init__(
        self,
        compress: Callable[..., CompressedBody] = lambda *given: headroom_compression.compress_request_body(*given),  # noqa: PLW0108  imports it
        check_tokenizer: Callable[[], object] = tokens.check,
        load_tokenizer: Callable[[], object] = lambda: headroom_compression.load(),  # noqa: PLW0108  imports it
        watchdog_seconds: float = WATCHDOG_SECONDS,
    ) -> None:
        self.compressor = Compressor(compress, check_tokenizer, load_tokenizer, watchdog_seconds)
        self.reporter = reporter.Reporter()
        self.originals = Originals()
        self._afterwards = Afterwards(self.compressor.in_thread)
        # mitmproxy looks for this name
        self.addons = [ReportCommands(self.reporter, lambda: self._choices.settings, self._afterwards.do_ready)]
        self._choices = options.Choices()
        self._exchanges = exchanges.Exchanges(self.compressor.keep, self._lose)
        self._is_running = False
        self._warnings = neighbours.Warnings()
        self._levels = local_clients.Levels()
        self._refusals = refusals.Refusals()

    def load(self, loader: Loader) -> None:
        options.declare(loader)

    def configure(self, updated: set[str]) -> None:
        if not any(name.startswith(options.PREFIX) for name in updated) and updated.isdisjoint(neighbours.NAMES):
            return
        with options.complaints(is_running=self._is_running):
            self._choose(options.read(ctx.options))

    def running(self) -> None:
        self._is_running = True
        self.compressor.begin_loading()
        self._announce()
        self.originals.is_wanted = ctx.master.addons.get("view") is not None  # mitmweb and the console have it
        if self.originals.is_wanted:
            contentview.add(contentview.BeforeAfterView(self.originals))
        misspelt_names.warn_of_unknown_names(ctx.options)

    def done(self) -> None:
        self._afterwards.finish()
        self._switch_off()
        self.reporter.log_end(was_on=self._choices.is_on and self._is_running)
        self._choices = options.Choices()
        self.originals.forget()

    async def request(self, flow: HTTPFlow) -> None:
        await self._guarded(flow, self._request(flow))

    def responseheaders(self, flow: HTTPFlow) -> None:
        if not self._choices.is_on or flow.response is None or not flow.live:
            return
        with answer_goes_on():
            exchange, hearing = self._exchanges.get(flow.id), self._exchanges.hearing(flow.id)
            is_here = flow.response.raw_content is not None  # a recording answers
            if exchange and not is_here and not self._choices.is_dry_run and event_streams.is_held_back(flow.response):
                is_kept = self.originals.is_wanted or neighbours.writes_flows(ctx.options)
                later, read_long = self._afterwards.add, self._afterwards.read
                event_streams.stream_events(flow.response, exchange, later, read_long, is_kept=is_kept)
            if hearing and event_streams.passes_unread(flow.response):
                hearing.pass_unread()  # at once: the client may go on before the answer ends
            self._refusals.explain(flow, flow.response)

    def response(self, flow: HTTPFlow) -> Awaitable[None] | None:
        if matching.was_upgraded(flow):
            return None  # after any other 101 raw bytes follow, and no hook tells their end
        exchange = self._exchanges.pop(flow.id)
        if exchange is None or flow.response is None or not self._choices.is_on:
            return None
        with answer_goes_on():
            complete_recording(flow.response)
            self._refusals.name_limit(flow, self._afterwards.read)
        long_reading.end(exchange, flow.response, self._afterwards)
        return self._before_it_is_written()

    async def websocket_message(self, flow: HTTPFlow) -> None:
        await self._guarded(flow, self._websocket_message(flow))

    def websocket_end(self, flow: HTTPFlow) -> Awaitable[None] | None:
        return self._end_exchange(flow)

    def error(self, flow: HTTPFlow) -> Awaitable[None] | None:
        with answer_goes_on():
            complete_recording(flow.response)  # what had come before it broke off
        return self._end_exchange(flow)

    async def _guarded(self, flow: HTTPFlow, editing: Awaitable[None]) -> None:
        if not await request_goes_on(editing):
            self.reporter.passed("failed", flow)

    async def _request(self, flow: HTTPFlow) -> None:
        if not matching.is_ours(flow):
            return
        exchange = self._exchanges.begin(flow.id, continuations.scope_of(flow.request))
        if matching.was_answered_early(flow):
            self._exchanges.pop(flow.id)
        if not self._choices.is_on:
            return
        reason = matching.reason_to_pass(flow, self._choices.only) or neighbours.reason_to_pass(flow)
        if reason:
            self.reporter.passed(reason, flow)
        elif matching.is_upgrade(flow.request):
            self._exchanges.take_on(flow.id, exchange)
        else:
            await self._edit(flow, exchange)

    def _lose(self, scope: continuations.Scope, answer: str | None) -> None:
        self.compressor.lose(scope, answer)
        self.reporter.lose(scope, answer)

    async def _run(self, flow: HTTPFlow, work: Callable[[Compress], Result], body: bytes) -> Result:
        await self._afterwards.through()  # the work may continue an answer that has come
        settings = self._levels.settings_for(flow, self._choices.settings)
        with self._exchanges.open_to(flow.id, body):
            return await self.compressor.run(work, settings, self._exchanges.scope(flow.id), body)

    async def _edit(self, flow: HTTPFlow, exchange: exchanges.Exchange) -> None:
        since, choices, scope = self.reporter.clock(), self._choices, self._exchanges.scope(flow.id)
        raw = flow.request.raw_content
        if raw is None:
            return
        if matching.is_responses_request(flow.request):  # first: its answer is streamed though the rest fails
            self._exchanges.take_on(flow.id, exchange)
        edited = await self._edited(flow, raw, encodings.content_encoding(flow.request.headers.fields))
        if edited is None or flow.request.raw_content is not raw or not self._is_still(choices):
            self.reporter.passed("of unknown coding" if edited is None else "changed meanwhile", flow)
            return
        self._levels.explain(flow, edited.compressed.report)
        timing = sent_requests.Timing(since, self.reporter.clock())
        counts = self.reporter.mark(flow, edited.compressed.report, timing) if edited.raw is not None else None
        if matching.is_responses_request(flow.request):
            origin = sent_requests.Origin(scope, edited.sent.ids.continues)
            count = partial(self.reporter.sent, flow, origin, edited.compressed, timing, counts)
            self._afterwards.add(partial(exchange.count_sent, edited.sent, count))
        if edited.raw is not None and not choices.is_dry_run:
            matching.replace_body(flow.request, edited.raw)
            self.originals.keep(flow, edited.before, edited.compressed.body, edited.compressed.report)

    def _is_still(self, choices: options.Choices) -> bool:
        """Whether the result may still be sent; a change of any other option applies from the next request on."""
        return self._choices.is_on and self._choices.is_dry_run == choices.is_dry_run

    async def _edited(self, flow: HTTPFlow, raw: bytes, encoding: list[str]) -> matching.EditedBody | None:
        edit = partial(matching.edit_body, raw, encoding)
        try:
            if not encoding and not long_reading.is_for_thread(raw):  # to decode takes longer than to ask the thread
                settings = self._levels.settings_for(flow, self._choices.settings)
                compress = partial(self.compressor.compress_at_once, settings=settings)
                return self.compressor.run_at_once(partial(edit, compress))
        except LongWorkError:
            pass
        return await self._run(flow, edit, raw)

    async def _websocket_message(self, flow: HTTPFlow) -> None:
        if flow.websocket is None or not self._choices.is_on:
            return
        message = flow.websocket.messages[-1]
        exchange, hearing = self._exchanges.get(flow.id), self._exchanges.hearing(flow.id)
        if exchange:
            del flow.websocket.messages[:-1]  # mitmproxy keeps them all, for ever
        if hearing and not message.from_client:
            long_reading.hear(message.content, hearing, self._afterwards)
        elif exchange and message.from_client and message.is_text and long_reading.may_be_request(message.content):
            await self._edit_message(flow, message, exchange)

    async def _edit_message(self, flow: HTTPFlow, message: WebSocketMessage, exchange: exchanges.Exchange) -> None:
        since, choices, scope = self.reporter.clock(), self._choices, self._exchanges.scope(flow.id)
        content = message.content
        note_sent, is_shorter = long_reading.sent_as_it_was(content, exchange), False
        try:
            worked_out = await self._run(flow, partial(long_reading.compress_request, content), content)
            if worked_out is None:
                note_sent = long_reading.note_nothing
                return
            compressed, edited = worked_out
            # mitmproxy splits a message of unchanged length where the original was split, even inside a character
            is_sent_as_worked_out = not compressed.changed or len(compressed.body) != len(content)
            if is_sent_as_worked_out and message.content is content and self._is_still(choices):
                is_shorter = compressed.changed
                timing = sent_requests.Timing(since, self.reporter.clock())
                counts = self.reporter.mark(flow, compressed.report, timing) if is_shorter else None
                origin = sent_requests.Origin(scope, edited.ids.continues)
                count = partial(self.reporter.sent, flow, origin, compressed, timing, counts)
                note_sent = partial(exchange.count_sent, edited, count)
            else:
                self.reporter.passed("changed meanwhile, or of the same length", flow)
        finally:  # a message that goes on as it was is answered too
            self._afterwards.add(partial(long_reading.note_if_sent, message, note_sent))
        if is_shorter and not choices.is_dry_run:
            message.content = compressed.body
            self.originals.keep(flow, content, compressed.body, compressed.report)

    def _end_exchange(self, flow: HTTPFlow) -> Awaitable[None] | None:
        exchange = self._exchanges.pop(flow.id)
        if exchange and self._choices.is_on:
            with answer_goes_on():
                if flow.response and event_streams.passes_unread(flow.response):
                    self._afterwards.add(exchange.pass_unread)
                self._afterwards.add(exchange.end)
        return self._before_it_is_written()

    def _before_it_is_written(self) -> Awaitable[None] | None:
        """What to wait for where mitmproxy writes flows into a file, which it does right after this hook."""
        return self._afterwards.through() if neighbours.writes_flows(ctx.options) else None

    def _choose(self, choices: options.Choices) -> None:
        self._afterwards.finish()
        self.compressor.limit_memory(choices.memory_bytes)
        if choices.is_on and not self._choices.is_on:
            self._switch_on()
        if not choices.is_on:
            self._switch_off()
        if choices.is_dry_run != self._choices.is_dry_run:
            self._start_counting(is_dry_run=choices.is_dry_run)
        before, self._choices = self._choices, choices
        if choices.is_on:
            local_clients.warn_of_low_budget(choices.settings, before.settings if before.is_on else None)
            self._warnings.warn(ctx.options, is_dry_run=choices.is_dry_run)
        self._announce()

    def _start_counting(self, *, is_dry_run: bool) -> None:
        """What was worked out in a dry run was not sent, so later requests must not count it as sent."""
        self.reporter.start(is_dry_run=is_dry_run)
        self.compressor.forget()
        self._exchanges.doubt()

    def _switch_on(self) -> None:
        self._refusals.forget()
        self._levels = local_clients.Levels()
        self.compressor.start(is_serving=self._is_running)
        websockets.send_in_one_frame()

    def _switch_off(self) -> None:
        self.compressor.stop()
        self._exchanges.leave()
        websockets.send_in_mitmproxys_fragments()

    def _announce(self) -> None:
        if self._is_running:
            logger.info("headroom-addon %s: %s", headroom_compression.__version__, self._choices.summary)
