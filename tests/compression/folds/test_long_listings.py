"""Rows of `ls -l` said in short; an independent reader restores what each of them says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_compression.calls.reading import read_call
from headroom_compression.document import Document
from headroom_compression.folds import long_listings
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call

NAMES = st.text(st.sampled_from("ab1 .-/>é"), min_size=1, max_size=9).filter(lambda name: name.strip() == name)
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["-rw-r--r--", "-rwxr-xr-x", "drwxr-xr-x", "drwx------", "lrwxrwxrwx"]),
        st.integers(1, 12),
        st.sampled_from(["root", "nobody"]),
        st.sampled_from([0, 12, 4096, 123_456]),
        st.sampled_from(["Nov 25 19:20", "Nov  3  2025"]),
        NAMES,
    ),
    min_size=1,
    max_size=25,
)


def document_of(text: str, command: str = "ls -la") -> Document:
    return Document.of(text, read_call(command_call(command)))


def listing(entries: list[tuple[str, int, str, int, str, str]]) -> str:
    """As GNU ls fills its columns."""
    links, owner, size = (max(len(str(entry[column])) for entry in entries) for column in (1, 2, 3))
    rows = [
        f"{mode} {number:{links}} {user:{owner}} {user:{owner}} {length:{size}} {time} "
        f"{name + ' -> ' + name if mode[0] == 'l' else name}\n"
        for mode, number, user, length, time, name in entries
    ]
    return f"total 12\n{''.join(rows)}"


def spelled_out(text: str) -> list[str]:
    """What the lines say, as the head explains them: words, without what fills columns."""
    lines: list[str] = []
    forms: list[tuple[re.Pattern[str], str]] = []
    for line in text.split("\n"):
        head = re.fullmatch(r"\[\d+ lines of ls -l; (.*)\]", line)
        if head:
            pairs = re.findall('"([^"]*)" is short for "([^"]*)"', head[1])
            forms = [(re.compile(pattern_of(short)), full) for short, full in pairs]
            continue
        found = None if re.match("[-dl][-rwx]{9}", line) else fitting(line, forms)
        lines.append(" ".join((found or line).split()))
    return lines


def pattern_of(short: str) -> str:
    places = {
        "<links>": r"(?P<links>\d+)",
        "<size>": r"(?P<size>\d+)",
        "<time>": r"(?P<time>Nov +\d+ +[\d:]+)",
        "<name> -> <target>": "(?P<name>.+ -> .+)",
        "<name>/": "(?P<name>(?!.* -> ).+)/",
        "<name>": "(?P<name>(?!.* -> ).*[^/])",
    }
    return re.sub("|".join(places), lambda place: places[place[0]], short)


def fitting(line: str, forms: list[tuple[re.Pattern[str], str]]) -> str | None:
    for pattern, full in forms:
        match = pattern.fullmatch(line)
        if match:
            return filled(full.replace("<name> -> <target>", "<name>"), match)
    return None


def filled(full: str, values: re.Match[str]) -> str:
    return re.sub("<([a-z]+)>", lambda place: values[place[1]], full)


@given(ENTRIES)
def test_an_independent_reader_restores_them(entries: list[tuple[str, int, str, int, str, str]]) -> None:
    text = listing(entries)
    folded = long_listings.fold(document_of(text)) or text
    if long_listings.is_exact(document_of(text), folded):
        assert spelled_out(folded) == [" ".join(line.split()) for line in text.split("\n")]


FILES = listing([("-rw-r--r--", 1, "root", 100 + number, "Nov 25 19:20", f"n{number}.py") for number in range(12)])


def test_most_rows_are_short() -> None:
    folded = long_listings.fold(document_of(FILES))
    assert folded
    assert long_listings.is_exact(document_of(FILES), folded)
    assert folded.split("\n")[1:5] == [
        '[12 lines of ls -l; "<size> <name>" is short for "-rw-r--r-- 1 root root <size> Nov 25 19:20 <name>"]',
        "-rw-r--r-- 1 root root 100 Nov 25 19:20 n0.py",
        "101 n1.py",
        "102 n2.py",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[12 lines", "[11 lines"),
        ("[12 lines", "[14 lines"),
        ("-rw-r--r-- 1 root root <size>", "-rw-r--r-- 2 root root <size>"),
        ('"<size> <name>" is', '"<name>" is'),
        ("101 n1.py", "n1.py"),
        ("101 n1.py", "101 n1.py/"),
        ("101 n1.py", "101 n1.py -> n2.py"),
        ("root 100", "root  100"),
    ],
)
def test_damage_is_refused(old: str, new: str) -> None:
    document = document_of(FILES)
    folded = long_listings.fold(document) or ""
    assert old in folded
    assert not long_listings.is_exact(document, folded.replace(old, new))


def test_two_forms_that_look_the_same_are_not_used_together() -> None:
    rows = [
        ("-rw-r--r--" if number % 2 else "-rwxr-xr-x", 1, "root", number, "Nov 25 19:20", "n") for number in range(30)
    ]
    folded = long_listings.fold(document_of(listing(rows))) or ""
    assert folded.count('"<size> <name>" is short') == 1
    assert long_listings.is_exact(document_of(listing(rows)), folded)


def test_a_name_that_begins_like_a_column_is_read_as_it_is_or_stays() -> None:
    entries = [("drwxr-xr-x", 2, "root", 4096, "Nov 25 19:20", f"{number} {number}") for number in range(15)]
    text = listing(entries)
    folded = long_listings.fold(document_of(text)) or ""
    assert long_listings.is_exact(document_of(text), folded)


@pytest.mark.parametrize(
    "command", ["cat listing.txt", "ls -l; cat a", "./ls -l", "grep drwx listing", "ssh host ls -l", "npm run list"]
)
def test_what_may_be_a_file_stays(command: str) -> None:
    assert long_listings.fold(document_of(FILES, command)) is None


@pytest.mark.parametrize(
    "text", [f"{FILES}…12 chars truncated…\n", FILES + FILES.replace("total 12", "[3 lines of ls -l; x")]
)
def test_cut_and_folded_texts_stay(text: str) -> None:
    assert long_listings.fold(document_of(text)) is None


def test_other_tools_are_left_alone() -> None:
    call = read_call(function_call("list_directory", {"path": "src"}))
    assert long_listings.fold(Document.of(FILES, call)) is None
