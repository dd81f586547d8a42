"""What is told of requests and their answers: log lines, sums, and counts in `flow.metadata`.

A flow of which a request was compressed has `headroom` in its metadata, in a dry run `headroom_dry_run`, with these
counts of the latest such request: `requests` (how many there were: a WebSocket has many), `new_outputs`,
`saved` (tokens, in all of the request), `milliseconds` (in our hook); once it was answered `saved_new` (tokens, of
texts that no answered request held before); and, once the upstream has reported them, `input_tokens`, `cached_tokens`,
`output_tokens`. Flow files keep them. Counts of the answer come up to a tenth of a second after it, so hooks of other
scripts run before, unless mitmproxy writes a flow file.
"""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING
from typing import Final

from headroom_compression.wire.paths import EDITED_MARK
from headroom_proxy.answers.lanes import tell_nobody
from headroom_proxy.figures import log_lines
from headroom_proxy.figures.cache_watch import promised_tokens
from headroom_proxy.figures.client_names import client_of
from headroom_proxy.figures.first_seen import NOTHING_SEEN
from headroom_proxy.figures.first_seen import FirstSeen
from headroom_proxy.figures.lineage import Lineage
from headroom_proxy.figures.lineage import Point
from headroom_proxy.figures.reread_watch import RereadWatch
from headroom_proxy.figures.sent_requests import Sent
from headroom_proxy.figures.totals import Totals
from headroom_proxy.http.matching import NO_TOOL_OUTPUTS
from headroom_report.values.savings import ClientSavings
from headroom_report.values.savings import RequestSavings
from headroom_report.values.savings import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from mitmproxy.http import HTTPFlow

    from headroom_compression import AnswerEvent
    from headroom_compression import CompressedBody
    from headroom_compression import CompressionReport
    from headroom_compression import Usage
    from headroom_proxy.answers.continuations import Scope
    from headroom_proxy.answers.lanes import Tell
    from headroom_proxy.figures.sent_requests import Counts
    from headroom_proxy.figures.sent_requests import Origin
    from headroom_proxy.figures.sent_requests import Timing
    from headroom_proxy.figures.totals import ConversationTotals
    from headroom_report.values.rereads import Rereads

DRY_RUN_MARK: Final = "headroom_dry_run"

NO_ANSWER: Final = "no finished answer was read"
NO_USAGE: Final = "no usage was read"
NOTHING_TO_SHORTEN: Final = "nothing to shorten"
OF_NONE: Final = 0  # the number of the conversation of a request that belongs to none

logger = logging.getLogger(__name__)


class Reporter:
    """Counts the requests that the hooks tell it of, and logs what there is to say. clock: monotonic seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.totals = Totals()
        self.clock = clock
        self._lineage = Lineage()
        self._rereads = RereadWatch()
        self._first_seen = FirstSeen()

    def start(self, *, is_dry_run: bool) -> None:
        """Count from nothing: what a dry run would save and what is saved are never added up."""
        self.log_totals()
        self.totals = Totals(is_dry_run=is_dry_run)
        self._lineage = Lineage()
        self._rereads = RereadWatch()

    def passed(self, reason: str, flow: HTTPFlow) -> None:
        """Count a request that goes on as it came. reason: in words of ours, for the log."""
        self._count_passed(reason)
        try:
            self.totals.add_client(ClientSavings(client_of(flow.request), 1))
            self._tell_first(flow, reason)
        except BaseException as error:  # noqa: BLE001  it is also called outside the guard of a hook
            _log_failure(error)

    def _count_passed(self, reason: str) -> None:
        self.totals.requests += 1
        self.totals.passed[reason] += 1

    def _tell_first(self, flow: HTTPFlow, why_not: str | None) -> None:
        line = self._first_seen.line(flow.request, why_not)
        if line:
            logger.info("%s", line)

    def mark(self, flow: HTTPFlow, report: CompressionReport, timing: Timing) -> Counts:
        """Put counts into the metadata of a flow whose request goes on shorter, or would if this were no dry run."""
        mark = DRY_RUN_MARK if self.totals.is_dry_run else EDITED_MARK
        counts: Counts = {
            "requests": (flow.metadata.get(mark) or {}).get("requests", 0) + 1 if flow.websocket else 1,
            "new_outputs": report.tool_texts,
            "saved": report.saved_in_all,
            "milliseconds": round(timing.milliseconds, 3),
        }
        flow.metadata[mark] = counts
        return counts

    def sent(
        self, flow: HTTPFlow, origin: Origin, compressed: CompressedBody, timing: Timing, counts: Counts | None
    ) -> Tell:
        """Count a request that the core has worked on; return whom to tell of its answer. Neither ever raises.

        counts: in its flow's metadata; None for a request that goes on as it came.
        """
        try:
            sent = self._count(flow, origin, compressed, timing, counts)
        except BaseException as error:  # noqa: BLE001  what is told of a request must not decide what becomes of it
            _log_failure(error)
            return tell_nobody
        return partial(self._answered, sent)

    def _count(
        self, flow: HTTPFlow, origin: Origin, compressed: CompressedBody, timing: Timing, counts: Counts | None
    ) -> Sent:
        report, is_shorter = compressed.report, counts is not None
        before = self._before(origin, compressed)
        is_without_outputs = before is None and not report.tool_texts
        why_not = report.passed or (NO_TOOL_OUTPUTS if is_without_outputs else NOTHING_TO_SHORTEN)
        point = self._point(before, compressed, timing.forwarded, is_shorter=is_shorter)
        conversation = self.totals.conversation(point.conversation)
        conversation.requests += 1
        self._watch_rereads(conversation, self._rereads.add(before, point, compressed.new_outputs))
        if is_shorter:
            conversation.add_budget(report)
            self.totals.requests += 1
            conversation.edited += 1
        else:
            self._count_passed(why_not)
        self._tell_first(flow, None if is_shorter else why_not)
        client = client_of(flow.request)
        self.totals.add_client(ClientSavings(client, 1, int(is_shorter)))
        return Sent(report, self.totals, point, point.told, timing.milliseconds, counts, client, origin.scope)

    def lose(self, scope: Scope, answer: str | None) -> None:
        """Another answer has this id now. None: one that was not read, so its id may be any."""
        self._lineage.forget_answer(scope, answer)

    def log_end(self, *, was_on: bool) -> None:
        """The sums; or, where the proxy ran switched on and for nothing, what to check."""
        self.log_totals()
        if was_on and self._first_seen.is_empty:
            logger.info("%s", NOTHING_SEEN)

    def log_totals(self) -> None:
        for line in log_lines.summary_lines(self.totals):
            logger.info("%s", line)

    def stats(self) -> list[str]:
        return log_lines.stats_lines(self.totals)

    def _before(self, origin: Origin, compressed: CompressedBody) -> Point | None:
        if origin.continues:
            return self._lineage.after_answer(origin.scope, origin.continues)
        return self._lineage.after(compressed.continued)

    def _point(self, before: Point | None, compressed: CompressedBody, now: float, *, is_shorter: bool) -> Point:
        texts = compressed.report.shortened if is_shorter else ()
        if compressed.conversation is None:
            return Point(OF_NONE, now, uncounted=texts)
        point = (before or Point(self.totals.begin(), now)).next(now, texts, compressed.report.checkpoints)
        self._lineage.note(compressed.conversation, point)
        return point

    def _answered(self, sent: Sent, answer: AnswerEvent | None) -> None:
        try:
            self._count_answer(sent, answer)
        except BaseException as error:  # noqa: BLE001  nor what becomes of its answer
            _log_failure(error)

    def _count_answer(self, sent: Sent, answer: AnswerEvent | None) -> None:
        if answer:
            self._count_saved(sent)
            if answer.response_id and sent.point.conversation:
                self._lineage.note_answer(sent.scope, answer.response_id, sent.point)
            self._watch_reasoning(sent, answer)
        usage = answer.usage if answer and answer.usage and answer.usage.input else None
        is_dry_run = sent.totals.is_dry_run
        whole = log_lines.whole_tokens(sent.report, usage, is_dry_run=is_dry_run) if usage else None
        if sent.is_shorter:
            why_not = NO_USAGE if answer else NO_ANSWER
            line = log_lines.request_line(sent.report, whole, sent.milliseconds, is_dry_run=is_dry_run, why_not=why_not)
            logger.info("%s", line)
        if usage and whole:
            self._count_usage(sent, usage, whole)

    def _count_saved(self, sent: Sent) -> None:
        """Count what a request saves, now that a model has read it."""
        conversation, point = sent.totals.conversation(sent.point.conversation), sent.point
        saved = sent.totals.count_new(conversation, point.uncounted)
        conversation.saved_again += max(0, sent.report.saved_in_all - saved)
        point.uncounted = ()
        point.saved += saved
        sent.totals.add_client(ClientSavings(sent.client, saved=saved))
        if sent.counts is not None:
            sent.counts["saved_new"] = saved

    def _count_usage(self, sent: Sent, usage: Usage, whole: Tokens) -> None:
        conversation = sent.totals.conversation(sent.point.conversation)
        conversation.add_answer(usage, RequestSavings(whole, _new(whole, sent), sent.report.tool_texts))
        sent.totals.add_client(ClientSavings(sent.client, whole=whole))
        sent.point.tell(whole)
        if sent.counts is not None:
            sent.counts["input_tokens"], sent.counts["output_tokens"] = usage.input, usage.output
            if usage.cached is not None:
                sent.counts["cached_tokens"] = usage.cached
        if not sent.totals.is_dry_run and conversation.edited:
            self._watch_cache(conversation, sent, usage)

    def _watch_rereads(self, conversation: ConversationTotals, rereads: Rereads) -> None:
        if conversation.add_rereads(rereads) and not self.totals.is_dry_run:
            logger.warning("%s", log_lines.reread_warning(conversation.number, conversation.rereads))

    def _watch_cache(self, conversation: ConversationTotals, sent: Sent, usage: Usage) -> None:
        before, promised = sent.before, None
        if before and before.whole and sent.keeps_what_was_sent:
            promised = promised_tokens(before.whole.after, usage.input, sent.point.sent_at - before.sent_at)
        if conversation.cache.is_worth_a_warning(promised, usage.cached):
            logger.warning("%s", log_lines.cache_warning(conversation.number, usage.cached or 0, promised or 0))

    def _watch_reasoning(self, sent: Sent, answer: AnswerEvent) -> None:
        """Nothing is promised where a client has gone back, so that the request does not begin with the latest one."""
        conversation = sent.totals.conversation(sent.point.conversation)
        watch, before = conversation.reasoning, sent.before
        is_edited = not sent.totals.is_dry_run and conversation.edited > 0
        is_promised = is_edited and sent.keeps_what_was_sent and before is not None and before.sent_at >= watch.latest
        watch.latest = max(watch.latest, sent.point.sent_at)
        new = watch.note(answer.withheld)
        if watch.is_worth_a_warning(new, is_promised=is_promised):
            logger.warning("%s", log_lines.reasoning_warning(conversation.number, new))


def _log_failure(error: BaseException) -> None:
    logger.warning("headroom: a request could not be counted: %s", type(error).__name__)


def _new(whole: Tokens, sent: Sent) -> Tokens:
    """What is new in a request: what it has more than the one that it begins with, and what is saved in it once.

    All of it where that one is not known, or the server has dropped something.
    """
    before = sent.before.whole.after if sent.before and sent.before.whole else 0
    after = whole.after - before if whole.after >= before else whole.after
    return Tokens(after + sent.point.saved, after)
