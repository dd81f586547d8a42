"""Every case in tests/cases goes through a whole request, and every case proves all that is promised of a text.

tests/cases/FOLD/NAME.input.txt is what the tool wrote, NAME.expected.txt what is sent. In `untouched` there is no
expected file: the text stays. Next to them may lie NAME.keep.txt (lines that must survive, written by hand),
NAME.before.json (the items before the output, of which the last is its call; else the call is unknown) and
NAME.settings.json. A folder named after an elision holds cases of level recall; there a case without an expected file
is one that goes on with every line.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest

from headroom_compression import CompressedBody
from headroom_compression import Settings
from headroom_compression import compress_request_body
from headroom_compression import tokens
from headroom_compression.client_text import is_same_state
from headroom_compression.client_text import split_state
from headroom_compression.document import Document
from headroom_compression.document import Fold
from headroom_compression.document import Stage
from headroom_compression.pipeline import after_fold
from headroom_compression.pipeline import all_folds
from headroom_compression.recall.eliding import all_elisions
from headroom_compression.recall.eliding import kind_of
from headroom_compression.session.conversation import ConversationBuilder
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import custom_output
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.bodies import shell_output
from tests.compression.support.bodies import text_part
from tests.compression.support.elided_tables import check_rows
from tests.compression.support.log_form_reader import FORM
from tests.compression.support.log_form_reader import read_forms
from tests.compression.support.rows_fold import RowsFold

CASES = Path(__file__).parents[1] / "cases"
UNTOUCHED = "untouched"
MIN_CASES = 5
# Nothing is written, and the markers name the same folder everywhere.
RECALL = Settings(level="recall", recall_dir="/recall", recall_stores=False)
GAP = re.compile(
    r"\[(?P<count>[0-9,]+) lines?, (?P<characters>[0-9,]+) characters?, left out here: [^;]+; "
    r"(?:they are lines (?P<first>[0-9]+)-(?P<last>[0-9]+)|it is line (?P<only>[0-9]+)) of (?P<path>/.+)\]"
)
BELOW = re.compile(r" in the next (?:([0-9,]+) lines|line); ")
ELISION_NAMES = {kind_of(elision) for elision in all_elisions()}


@dataclass(frozen=True)
class Case:
    stage: str
    name: str

    def file(self, kind: str) -> Path:
        return CASES / self.stage / f"{self.name}.{kind}"

    def read(self, kind: str) -> str:
        """The file as it is: CR LF stays, and so does a missing final newline."""
        return self.file(kind).read_bytes().decode()

    def json(self, kind: str, default: str) -> object:
        return json.loads(self.read(kind) if self.file(kind).exists() else default)

    @property
    def text(self) -> str:
        return self.read("input.txt")

    @property
    def before(self) -> list[Item]:
        items = self.json("before.json", "[]")
        assert isinstance(items, list)
        return items

    @property
    def settings(self) -> Settings:
        values = self.json("settings.json", "{}")
        assert isinstance(values, dict)
        return replace(RECALL if self.stage in ELISION_NAMES else Settings(), **values)

    @property
    def kept_lines(self) -> list[str]:
        return self.read("keep.txt").split("\n") if self.file("keep.txt").exists() else []

    @property
    def call_id(self) -> str:
        return str(self.before[-1]["call_id"]) if self.before else "call_unknown"

    def output(self) -> Item:
        """The item that carries the text, of the type that answers the call."""
        match self.before[-1]["type"] if self.before else None:
            case "custom_tool_call":
                return custom_output([text_part(self.text)], self.call_id)
            case "shell_call":
                return shell_output(self.text, "", self.call_id)
        return function_output(self.text, self.call_id)


@dataclass(frozen=True)
class Outcome:
    """What is sent of the items before, and of them and the text."""

    before: CompressedBody
    result: CompressedBody

    @property
    def text(self) -> str:
        output = sent_items(self.result.body)[-1]["output"]
        if isinstance(output, str):
            return output
        part = output[0]
        return str(part["text"] if "text" in part else part["stdout"])

    @property
    def fired(self) -> tuple[Stage, ...]:
        """The stages that changed the text."""
        is_new = len(self.result.report.shortened) > len(self.before.report.shortened)
        return self.result.report.shortened[-1].stages if is_new else ()


def find_cases() -> list[Case]:
    inputs = sorted(CASES.glob("*/*.input.txt"))
    return [Case(path.parent.name, path.name.removesuffix(".input.txt")) for path in inputs]


def compress(case: Case) -> Outcome:
    return Outcome(compress_request_body(request_body(*case.before), case.settings), compress_whole(case))


def compress_whole(case: Case) -> CompressedBody:
    return compress_request_body(request_body(*case.before, case.output()), case.settings)


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.stage}/{case.name}") for case in find_cases()])
def test_case(case: Case, update_cases: bool) -> None:  # noqa: FBT001  a fixture
    outcome = compress(case)
    check_every_promise(case, outcome)
    if case.stage == UNTOUCHED:
        check_untouched(case, outcome)
        return
    if case.stage in ELISION_NAMES:
        lossless = at_lossless(case)
        check_kept_lines(case, outcome, lossless)
        if not case.file("expected.txt").exists() and Stage.ELISION not in outcome.fired:
            assert outcome.text == lossless.text
            return
        check_elided(case, outcome, lossless)
    else:
        check_shortened(case, outcome)
    expected = case.file("expected.txt")
    if update_cases:
        expected.write_bytes(outcome.text.encode())
    assert expected.exists(), f"no {expected.name}: run pytest --update-cases, read what it wrote, commit both"
    assert outcome.text == case.read("expected.txt")


def at_lossless(case: Case) -> Outcome:
    body = request_body(*case.before, case.output())
    before = compress_request_body(request_body(*case.before), replace(case.settings, level="lossless"))
    return Outcome(before, compress_request_body(body, replace(case.settings, level="lossless")))


def check_kept_lines(case: Case, outcome: Outcome, lossless: Outcome) -> None:
    """Those that are whole lines of the text, and at level lossless too, stay whole."""
    kept = {*case.kept_lines} & {*case.text.split("\n")} & {*lossless.text.split("\n")}
    assert kept - {*outcome.text.split("\n")} == set()


def check_every_promise(case: Case, outcome: Outcome) -> None:
    assert compress_whole(case).body == outcome.result.body
    assert [line for line in case.kept_lines if line not in outcome.text] == []
    # Two brackets and the members after `input` stand behind the items.
    sent_before = outcome.before.body.removesuffix(b'],"stream":true}')
    assert outcome.result.body.startswith(sent_before)


def check_untouched(case: Case, outcome: Outcome) -> None:
    assert outcome.text == case.text
    assert outcome.fired == ()
    assert not case.file("expected.txt").exists()


def check_shortened(case: Case, outcome: Outcome) -> None:
    assert tokens.count(outcome.text) < tokens.count(case.text)
    turn = ConversationBuilder(case.settings, outcome.before.conversation)
    call = turn.call(case.call_id)
    document = Document.of(case.text, call, is_reported=turn.habits.is_reported)
    folds = (*all_folds(), RowsFold(turn._rows_access(call)))  # noqa: SLF001  what the step sees is built there
    fired: list[str] = []
    for stage in outcome.fired:
        if stage is Stage.STATE:
            assert is_same_state(document.state, state_above(case, document))
            document = replace(document, state=document.unchanged_state)
            continue
        fold, folded = fold_of(stage, document, folds)
        check_exactness(fold, document, folded)
        check_fewer_lines(fold, document)
        document = after_fold(fold, document, folded)
        fired.append(name_of(fold))
    assert case.stage in fired
    assert document.text == outcome.text


def state_above(case: Case, document: Document) -> str:
    """What the shell said of itself behind the output above, if that ends so."""
    outputs = [item["output"] for item in case.before if "output" in item]
    return split_state(str(outputs[-1]), document.call.tool if document.call else "")[1]


def check_elided(case: Case, outcome: Outcome, lossless: Outcome) -> None:
    """Whole lines of the original in their order, and behind each marker those that it names."""
    whole = tokens.count(lossless.text)
    assert tokens.count(outcome.text) <= max(0.75 * whole, whole - 4_500)
    assert Stage.ELISION in outcome.fired
    conversation = outcome.result.conversation
    assert conversation
    (kinds,) = conversation.recalled.elided.values()
    assert case.stage in {kind for _, kind in kinds}
    if Stage.KIND in outcome.fired and FORM.search(outcome.text):
        assert rebuilt(read_forms(outcome.text), case.text) == case.text
        return
    if Stage.KIND in outcome.fired:
        folded = compress_request_body(
            request_body(*case.before, case.output()), replace(case.settings, level="lossless", references="off")
        )
        paths = check_rows(outcome.text, replace(outcome, result=folded).text)
        assert set(paths) <= {stored_path(case.text)}
        return
    if {Stage.ENVELOPE, Stage.TERMINAL} & set(outcome.fired):
        return  # the markers name lines of another text than the one that came
    assert rebuilt(outcome.text, case.text) == case.text


def rebuilt(sent: str, stored: str) -> str:
    """The sent text with the lines that its markers name, as `sed -n 14,425p` would show them.

    What stands below a marker, for what must be seen of these lines, holds words of theirs only.
    """
    lines = stored.split("\n")
    found: list[str] = []
    sent_lines = iter(sent.split("\n"))
    for line in sent_lines:
        named = named_lines(line, lines)
        found += named
        for row in islice(sent_lines, rows_below(line)):
            assert all(part in "\n".join(named) for part in words_below(row)), row
    return "\n".join(found)


def rows_below(line: str) -> int:
    match = BELOW.search(line) if GAP.fullmatch(line) else None
    return int((match[1] or "1").replace(",", "")) if match else 0


def words_below(row: str) -> list[str]:
    """The parts of a row; `[...]` stands between those that are not neighbours, `/` or `*` behind a name."""
    return [part.rstrip("/*") for part in row.split("[...]")]


def named_lines(line: str, lines: list[str]) -> list[str]:
    match = GAP.fullmatch(line)
    if match is None:
        return [line]
    first = int(match["first"] or match["only"])
    named = lines[first - 1 : int(match["last"] or first)]
    assert int(match["count"].replace(",", "")) == len(named)
    assert int(match["characters"].replace(",", "")) == sum(len(line) + 1 for line in named)
    assert match["path"] == stored_path("\n".join(lines))
    return named


def stored_path(text: str) -> str:
    return f"/recall/{blake2b(text.encode(), digest_size=8).hexdigest()}.txt"


def fold_of(stage: Stage, document: Document, folds: Sequence[Fold]) -> tuple[Fold, str]:
    """The fold of the stage that shortens the document, and what it makes of it."""
    for fold in folds:
        folded = fold.fold(document) if stage == fold.STAGE else None
        if folded is not None and folded != document.body and fold.is_exact(document, folded):
            return fold, folded
    raise AssertionError(stage)


def name_of(fold: Fold) -> str:
    """The name of its module, which is that of its folder of cases."""
    return cast("ModuleType", fold).__name__.rpartition(".")[2]


def check_exactness(fold: Fold, document: Document, folded: str) -> None:
    assert fold.is_exact(document, folded)
    for damaged in damaged_texts(folded):
        assert not fold.is_exact(document, damaged), damaged


def check_fewer_lines(fold: Fold, document: Document) -> None:
    """Nothing is made of any lines of the text that are too few for the fold, which therefore is not asked of them."""
    lines = document.body.split("\n")
    for start in range(len(lines)):
        few = replace(document, body="\n".join(lines[start : start + fold.MIN_LINES - 1]))
        assert fold.MIN_LINES == 1 or fold.fold(few) in {None, few.body}, few.body


def damaged_texts(folded: str) -> Iterator[str]:
    """The text with a line dropped, with a character of a line changed, and with a number of a marker changed."""
    lines = folded.split("\n")
    for position, line in enumerate(lines):
        before, after = lines[:position], lines[position + 1 :]
        yield "\n".join([*before, *after])
        if line:
            yield "\n".join([*before, line[:-1] + ("x" if line[-1] != "x" else "y"), *after])
        if " identical to line" in line:
            for number in re.finditer("[0-9]+(?=[ -])", line):
                changed = f"{line[: number.start()]}{int(number.group()) + 1}{line[number.end() :]}"
                yield "\n".join([*before, changed, *after])


def test_no_file_lies_without_its_input() -> None:
    names = {(case.stage, case.name) for case in find_cases()}
    files = [path for path in CASES.glob("*/*") if (path.parent.name, path.name.split(".")[0]) not in names]
    assert files == []


def test_every_fold_has_cases() -> None:
    folders = {case.stage for case in find_cases()}
    assert {name_of(fold) for fold in all_folds()} | ELISION_NAMES | {"rows", UNTOUCHED} == folders


def test_every_elision_has_five_cases_with_lines_that_stay() -> None:
    kept = Counter(case.stage for case in find_cases() if case.file("keep.txt").exists())
    assert {name: kept[name] for name in ELISION_NAMES if kept[name] < MIN_CASES} == {}
