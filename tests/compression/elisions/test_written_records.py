"""Of a record that was written only members go, and only where the call is known to write."""

from __future__ import annotations

import json
import re
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.elisions import written_records
from headroom_compression.formats.gaps import Gap
from tests.compression.support.bodies import command_call

compact = partial(json.dumps, separators=(",", ":"))
LONG = "a text of some length, " * 9
RECORD = {"id": 43, "body": LONG, "user": {"login": "maria", "about": LONG}, "state": "open"}
NAMES = st.sampled_from(["id", "body", "user", "state", "labels", "hunk", "when"])
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=300)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=9,
)


def members(row: str) -> dict[str, object]:
    """Those of a record in which a sign stands for others."""
    found = json.loads(re.sub(r",?\[\.\.\.\](?=[,}])", "", row).replace("{,", "{"))
    assert isinstance(found, dict)
    return found


def gaps_of(text: str, command: str = "gh api repos/acme/shop/issues -f title=Cart") -> list[Gap]:
    document = Document.of(text, read_call(command_call(command)))
    return list(written_records.find(document, text.split("\n")))


@given(st.dictionaries(NAMES, VALUES, min_size=1))
def test_what_stays_are_members_as_they_were_in_their_order(record: dict[str, object]) -> None:
    for gap in gaps_of(compact(record)):
        (row,) = gap.instead
        kept = members(row)
        assert [*kept.items()] == [(name, value) for name, value in record.items() if name in kept]
        assert all(len(json.dumps(record[name])) > 80 for name in record.keys() - kept.keys())


@pytest.mark.parametrize(
    "command",
    [
        "gh api repos/acme/shop/issues -f title=Cart",
        "gh api repos/acme/shop/issues/7 -X PATCH --input issue.json",
        "glab api projects/42/issues --method POST -F title=Cart",
        "gh api -X put repos/acme/shop/issues/7/lock",
        "gh api repos/acme/shop/issues -XPOST --input issue.json",
        "gh api repos/acme/shop/issues --method=POST --input issue.json",
    ],
)
def test_a_write_is_known_by_its_method_or_its_fields(command: str) -> None:
    (gap,) = gaps_of(compact(RECORD), command)
    assert gap.instead == ('{"id":43,[...],"state":"open"}',)


@pytest.mark.parametrize(
    "command",
    [
        "gh api repos/acme/shop/issues/7",
        "gh api repos/acme/shop/issues -X GET -f state=open",
        "gh api repos/acme/shop/issues -XGET -f state=open",
        "gh api repos/acme/shop/issues --method=get -f state=open",
        "gh api repos/acme/shop/issues -f title=Cart --jq=.body",
        "gh api repos/acme/shop/issues -f title=Cart -q.body",
        "gh api graphql -f query='{ viewer { login } }'",
        "gh api repos/acme/shop/issues -f title=Cart --jq .body",
        "gh api repos/acme/shop/issues -f title=Cart | jq .body",
        "gh api repos/acme/shop/issues -f title=Cart; cat issue.json",
        "gh issue create --title Cart",
        "curl -X POST http://localhost:8000/carts -d '{}'",
    ],
)
def test_what_another_call_prints_stays(command: str) -> None:
    assert gaps_of(compact(RECORD), command) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Not Found",
        "[1, 2]",
        compact([RECORD]),
        compact(RECORD) * 2,
        "{" + "x" * 900,
        json.dumps(RECORD),
        '{"id":1}\n{"id":2}',
        compact({"message": LONG, "documentation_url": "https://docs.github.com/rest", "status": "422"}),
        compact({"message": {"title": [LONG]}}),
    ],
)
def test_what_is_no_single_record_stays(text: str) -> None:
    assert gaps_of(text) == []


def test_what_the_call_names_stays_where_it_says_something_else() -> None:
    named = f"gh api repos/acme/shop/issues -f body='{LONG}' -f 'user[login]=maria'"
    (gap,) = gaps_of(compact(RECORD), named)
    assert gap.instead[0].startswith('{"id":43,[...],"user":{')
    assert [*members(gap.instead[0])] == ["id", "user", "state"]
    (gap,) = gaps_of(compact({**RECORD, "body": LONG + "changed"}), named.replace("user[login]", "owner"))
    assert [*members(gap.instead[0])] == ["id", "body", "state"]


@pytest.mark.parametrize("state", ["failure", "timed_out"])
def test_a_member_with_a_state_of_alarm_stays(state: str) -> None:
    jobs = [{"name": "lint", "conclusion": "success"}, {"name": "test " * 20, "conclusion": state}]
    (gap,) = gaps_of(compact({**RECORD, "jobs": jobs, "user": {"about": "What the failure of a job means. " * 5}}))
    assert [*members(gap.instead[0])] == ["id", "state", "jobs"]
