"""The rules of the house that a file can be checked for: who imports whom, sizes, a test for every module."""

from __future__ import annotations

import ast
import graphlib
import importlib
import os
import re
import sys
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ADDON = TESTS.parent / "addon"

CORE = "headroom_compression"
REPORT = "headroom_report"
SHELL = "headroom_proxy"
SCRIPT = "headroom_addon"
FOLDS = f"{CORE}.folds"
ELISIONS = f"{CORE}.elisions"

# What a fold or an elision stands on; nothing here knows one.
LEAF_MAY_IMPORT = {
    f"{CORE}.{name}"
    for name in (
        "alarms",
        "calls",
        "commands",
        "compact_json",
        "compile_lines",
        "configure_lines",
        "data_lines",
        "document",
        "fetches",
        "file_numbers",
        "frozen",
        "gaps",
        "gutter",
        "install_lines",
        "json_producers",
        "json_values",
        "kept_lines",
        "markers",
        "log_entries",
        "log_forms",
        "log_levels",
        "odd_values",
        "passed_tests",
        "pointer_reader",
        "program_runs",
        "record_columns",
        "record_shapes",
        "record_standouts",
        "record_table_reader",
        "record_tables",
        "redraw",
        "references",
        "runner_calls",
        "screen",
        "search_rows",
        "searches",
        "sent_rows",
        "shown",
        "spec_trees",
        "text",
        "vocabulary",
        "written_tables",
    )
}
# A report names tools as the core reads their calls.
REPORT_MAY_IMPORT = {CORE, f"{CORE}.calls", f"{CORE}.document", f"{CORE}.tokens"}
READERS = f"{REPORT}.readers"
READER_MAY_IMPORT = {f"{READERS}.opening"}
READER_OF_FLOWS = f"{READERS}.flows"
LEAVES = {
    f"{CORE}.{name}" for name in ("frozen", "json_positions", "settings", "shell_paths", "text", "tokens", "vocabulary")
}
SHELL_MAY_IMPORT = {CORE, f"{CORE}.recall", f"{CORE}.shell_paths", f"{CORE}.tokens"}
CORE_MAY_IMPORT_FROM_OUTSIDE = {"orjson"}
CLOCK_AND_NETWORK = {"asyncio", "datetime", "http", "random", "socket", "subprocess", "time"}

MODULES_WITHOUT_LOGIC = {  # need no test of their own
    f"{CORE}.document",
    f"{CORE}.settings",
    f"{CORE}.vocabulary",
    f"{REPORT}.page_style",
}
FUNCTION_LIMIT = 40
FILE_LIMIT = 300

pytestmark = pytest.mark.skipif(not ADDON.is_dir(), reason="the wheel is tested, there is no source to read")


def module_name(path: Path) -> str:
    parts = path.relative_to(ADDON).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_name(path): path for path in sorted(ADDON.rglob("*.py"))}


def imports_of(module: str) -> set[str]:
    """Return the modules that a module imports, our own by their full names, `from package import module` included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(SOURCES[module].read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update(imported_from(node.module, node.names))
    return found


def imported_from(module: str, names: Iterable[ast.alias]) -> Iterator[str]:
    for alias in names:
        submodule = f"{module}.{alias.name}"
        yield submodule if submodule in SOURCES else module


def top_level(module: str) -> str:
    return module.partition(".")[0]


def violations(modules: Iterable[str], forbidden: Iterable[str]) -> list[str]:
    forbidden = set(forbidden)
    return [
        f"{module} imports {imported}"
        for module in modules
        for imported in sorted(imports_of(module))
        if imported in forbidden or top_level(imported) in forbidden
    ]


def modules_in(package: str) -> list[str]:
    return [module for module in SOURCES if module == package or module.startswith(f"{package}.")]


def folds_and_elisions() -> list[str]:
    return [module for module in SOURCES if module.startswith((f"{FOLDS}.", f"{ELISIONS}."))]


def test_the_core_knows_no_proxy_no_clock_and_no_network() -> None:
    assert violations(modules_in(CORE), {"mitmproxy", REPORT, SHELL, SCRIPT, *CLOCK_AND_NETWORK}) == []


def test_the_core_needs_few_packages() -> None:
    outside = {
        f"{module} imports {imported}"
        for module in modules_in(CORE)
        for imported in imports_of(module)
        if top_level(imported) not in {CORE, *sys.stdlib_module_names, *CORE_MAY_IMPORT_FROM_OUTSIDE}
    }
    assert outside == {f"{CORE}.tokens imports tiktoken"}


def test_the_shell_uses_the_public_face_only() -> None:
    hidden = set(modules_in(CORE)) - SHELL_MAY_IMPORT
    assert violations(modules_in(SHELL), {SCRIPT, *hidden} - {CORE}) == []


def test_a_report_needs_no_proxy_no_clock_and_no_network() -> None:
    hidden = set(modules_in(CORE)) - REPORT_MAY_IMPORT
    assert violations(modules_in(REPORT), {SHELL, SCRIPT, *hidden, *CLOCK_AND_NETWORK} - {CORE}) == []


def test_one_reader_knows_mitmproxy_and_no_reader_another_one() -> None:
    assert violations(set(modules_in(REPORT)) - {READER_OF_FLOWS}, {"mitmproxy"}) == []
    readers = set(modules_in(READERS)) - {READERS}
    assert violations(readers, readers - READER_MAY_IMPORT) == []


def test_a_fold_or_an_elision_imports_no_other_one() -> None:
    forbidden = set(SOURCES) - LEAF_MAY_IMPORT - {CORE}
    assert violations(folds_and_elisions(), forbidden) == []


@pytest.mark.parametrize("package", [FOLDS, ELISIONS])
def test_the_order_of_folds_or_elisions_names_each_once(package: str) -> None:
    order = importlib.import_module(package).ORDER
    assert sorted(f"{package}.{name}" for name in order) == sorted(set(modules_in(package)) - {package})


def test_leaves_import_nothing_of_ours() -> None:
    assert violations(LEAVES & SOURCES.keys(), SOURCES) == []


def test_imports_go_one_way() -> None:
    graph = {module: imports_of(module) & SOURCES.keys() - {module} for module in SOURCES}
    list(graphlib.TopologicalSorter(graph).static_order())


def has_test(module: str) -> bool:
    name = module.rpartition(".")[2]
    has_cases = module in folds_and_elisions() and any((TESTS / "cases" / name).rglob("*.input.txt"))
    return has_cases or any(TESTS.rglob(f"test_{name}.py"))


def test_every_module_has_a_test_of_its_name() -> None:
    modules = {module for module, path in SOURCES.items() if path.name != "__init__.py"}
    untested = {module for module in modules if not has_test(module)}
    assert sorted(untested - MODULES_WITHOUT_LOGIC) == []
    assert untested >= MODULES_WITHOUT_LOGIC, "an exception that is no longer needed"


def test_functions_are_short() -> None:
    long = [
        f"{path.name}: {node.name} has {length} lines"
        for path in SOURCES.values()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LIMIT
    ]
    assert long == []


def test_files_are_short() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in SOURCES.values()}
    assert {name: length for name, length in lengths.items() if length > FILE_LIMIT} == {}


@pytest.mark.parametrize("path", sorted((TESTS.parent / "findings").glob("*")), ids=lambda path: path.stem)
def test_a_finding_is_a_program_that_says_what_was_seen(path: Path) -> None:
    """They are run by hand: each installs packages."""
    text = path.read_text()
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)+\.sh", path.name)
    assert os.access(path, os.X_OK)
    assert text.startswith("#!/usr/bin/env bash\n# ")
    heads = [f"\n# {head}" for head in ("Versions: ", "Behaviour", "Output seen")]
    assert [text.count(head) for head in heads] == [1, 1, 1]
    seen = text.partition("\n# Output seen")[2].partition("\nset -euo pipefail\n")[0]
    expected = text.partition("diff - seen <<'EXPECTED'\n")[2].partition("EXPECTED\n")[0]
    assert expected
    assert all(f"\n#     {line}\n" in f"{seen}\n" for line in expected.splitlines())


def test_nothing_is_left_to_do() -> None:
    notes = [
        path.name for path in SOURCES.values() if {"TODO", "FIXME"} & set(path.read_text().replace(":", " ").split())
    ]
    assert notes == []
