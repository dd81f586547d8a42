"""Whatever is raised inside stays inside, except for the end of the task itself."""

from __future__ import annotations

import asyncio

import pytest

from headroom_proxy.guards import WorkFailedError
from headroom_proxy.guards import answer_goes_on
from headroom_proxy.guards import request_goes_on

ERRORS = [ValueError, MemoryError, KeyboardInterrupt, SystemExit, BaseException, asyncio.CancelledError]


async def fail(error: BaseException) -> None:
    raise error


def raise_it(error: BaseException) -> None:
    raise error


@pytest.mark.parametrize("error", ERRORS)
def test_a_request_goes_on(error: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    assert asyncio.run(request_goes_on(fail(error("planted")))) is False
    assert caplog.messages == [f"headroom: a request passed through unchanged: {error.__name__}"]


def test_what_the_worker_says_is_told(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.run(request_goes_on(fail(WorkFailedError("others took too long"))))
    assert caplog.messages == ["headroom: a request passed through unchanged: others took too long"]


def test_nothing_is_said_of_what_is_well(caplog: pytest.LogCaptureFixture) -> None:
    assert asyncio.run(request_goes_on(asyncio.sleep(0))) is True
    assert caplog.messages == []


def test_a_cancelled_task_ends() -> None:
    async def cancel() -> None:
        task = asyncio.create_task(request_goes_on(asyncio.sleep(10)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())


@pytest.mark.parametrize("error", ERRORS)
def test_an_answer_goes_on(error: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    with answer_goes_on():
        raise_it(error("planted"))
    assert caplog.messages == [f"headroom: an answer could not be read: {error.__name__}"]
