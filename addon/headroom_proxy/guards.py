"""Guards around the hooks of a flow: mitmproxy would hang the flow for ever on a BaseException."""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from collections.abc import Iterator

logger = logging.getLogger(__name__)


async def request_goes_on(editing: Awaitable[None]) -> bool:
    """Await the editing; log whatever it raises and return False, so that the request goes on."""
    try:
        await editing
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        _log_failure(error)
        return False
    except BaseException as error:  # noqa: BLE001  see above
        _log_failure(error)
        return False
    return True


@contextmanager
def answer_goes_on() -> Iterator[None]:
    """Log whatever is raised in the block, so that the answer is passed on; but no request can continue it then."""
    try:
        yield
    except BaseException as error:  # noqa: BLE001  see above
        logger.warning("headroom: an answer could not be read: %s", type(error).__name__)


def _log_failure(error: BaseException) -> None:
    reason = str(error) if isinstance(error, WorkFailedError) else type(error).__name__
    logger.warning("headroom: a request passed through unchanged: %s", reason)


class WorkFailedError(Exception):
    """Names the type of what the work raised, never its text: that may hold content."""
