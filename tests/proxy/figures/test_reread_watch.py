"""Which outputs of a conversation are looked at together, and how much of them is kept."""

from __future__ import annotations

from headroom_proxy.figures import reread_watch
from headroom_proxy.figures.lineage import Point
from headroom_proxy.figures.reread_watch import RereadWatch
from headroom_report.values.rereads import NO_REREADS
from headroom_report.values.rereads import ShownLines

Output = list[tuple[str, str]]


def output(name: str = "value", count: int = 10) -> Output:
    came = "\n".join(f"{name} of a line {number}" for number in range(count))
    return [(came, came)]


def after(before: Point | None, conversation: int = 1) -> Point:
    return before.next(0, ()) if before else Point(conversation, 0)


def test_a_turn_continues_the_one_before() -> None:
    watch = RereadWatch()
    first = after(None)
    assert watch.add(None, first, [output()]).first_in_sight == ShownLines(10)
    second = after(first)
    assert watch.add(first, second, []) == NO_REREADS
    assert watch.add(second, after(second), [output()]).first_in_sight == ShownLines(0, 10)


def test_a_branch_and_another_conversation_begin_anew() -> None:
    watch = RereadWatch()
    first = after(None)
    watch.add(None, first, [output()])
    watch.add(first, after(first), [output("other")])
    assert watch.add(first, after(first), [output("other")]).first_in_sight == ShownLines(10)
    assert watch.add(None, after(None, 2), [output()]).first_in_sight == ShownLines(10)


def test_what_belongs_to_no_conversation_is_not_looked_at() -> None:
    assert RereadWatch().add(None, after(None, 0), [output()]) == NO_REREADS


def test_of_a_long_history_the_end() -> None:
    long = output("long", 30_000)
    assert len(long[0][0]) > reread_watch.MAX_LENGTH_AT_ONCE
    added = RereadWatch().add(None, after(None), [long, output(), output()])
    assert added.first_in_sight == ShownLines(10, 10)


def test_the_latest_conversations_are_kept() -> None:
    watch = RereadWatch()
    points = [after(None, number) for number in range(1, 2 * reread_watch.MAX_CONVERSATIONS)]
    for point in points:
        watch.add(None, point, [output()])
    assert watch.add(points[-1], after(points[-1]), [output()]).first_in_sight.again == 10
    assert watch.add(points[0], after(points[0]), [output()]).first_in_sight == ShownLines(10)
    assert len(watch) == reread_watch.MAX_CONVERSATIONS
