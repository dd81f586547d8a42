"""The rules of the house that a file can be checked for: who imports whom, sizes, a test for every module."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ADDON = TESTS.parent / "addon"
TOP_LEVEL = {"LICENSE", "README.md", "addon", "findings", "pyproject.toml", "scripts", "tests"}
TOP_LEVEL_DOTFILES = {".ci", ".gitattributes", ".gitignore"}

CORE = "headroom_compression"
REPORT = "headroom_report"
SHELL = "headroom_proxy"
SCRIPT = "headroom_addon"
FOLDS = f"{CORE}.folds"
ELISIONS = f"{CORE}.elisions"

# Each room, and each module that stands outside of all rooms, with what it may import of ours. Rooms import what
# stands below them; who wants more here should first ask whether the code stands in the right room.
ROOMS: dict[str, dict[str, set[str]]] = {
    CORE: {
        "record": set(),
        "settings": {"record"},
        "repeated_pieces": {"record"},
        "tokens": {"repeated_pieces"},
        "client_text": set(),
        "fingerprints": set(),
        "text_keys": set(),
        "holdings": set(),
        "known_characters": set(),
        "zstd_modules": set(),
        "wire": {"record"},
        "calls": {"record"},
        "formats": {"client_text", "known_characters", "record"},
        "references": {"calls", "client_text", "formats", "holdings", "record", "zstd_modules"},
        "document": {"calls", "client_text", "fingerprints", "record"},
        "joined_results": {"calls", "document", "formats"},
        "folds": {"calls", "client_text", "document", "formats", "record", "references"},
        "elisions": {"calls", "client_text", "document", "formats", "record"},
        "recall": {"calls", "client_text", "document", "elisions", "formats", "record", "references", "tokens"},
        "pipeline": {"document", "folds", "joined_results", "recall", "record", "references", "tokens"},
        "session": {
            *("calls", "client_text", "document", "fingerprints", "formats", "holdings", "known_characters"),
            *("pipeline", "recall", "record", "references", "settings", "tokens", "wire"),
        },
        "request_work": {"known_characters", "record", "session", "settings", "wire"},
        "results": {"document", "record", "session"},
        "compress": {
            *("calls", "pipeline", "record", "request_work", "results", "session", "settings", "text_keys", "wire"),
        },
    },
    REPORT: {
        "values": set(),
        "reading": {"values"},
        "measuring": {"reading", "values"},
        "writing": {"values"},
    },
    SHELL: {
        "encodings": set(),
        "guards": set(),
        "headers": {"signatures"},
        "host_names": set(),
        "signatures": set(),
        "state_folder": set(),
        "local_clients": {"host_names"},
        "neighbours": set(),
        "options": {"state_folder"},
        "misspelt_names": {"options"},
        "answers": {"encodings", "guards", "headers"},
        "http": {"answers", "encodings", "headers", "host_names", "options", "signatures"},
        "work": {"answers", "encodings", "guards", "http"},
        "figures": {"answers", "host_names", "http"},
        "view": {"figures"},
        "commands": {"misspelt_names", "options", "state_folder"},
        "addon": {
            *("answers", "figures", "guards", "http", "local_clients", "misspelt_names", "neighbours", "options"),
            *("encodings", "headers", "view", "work"),
        },
    },
}
# What the packages above may import of those below, beside the public names of the core.
REPORT_MAY_IMPORT = {
    f"{CORE}.calls",
    f"{CORE}.client_text",
    f"{CORE}.formats.gap_markers",
    f"{CORE}.references.markers",
    f"{CORE}.tokens",
    f"{CORE}.wire",
    f"{CORE}.zstd_modules",
}
SHELL_MAY_IMPORT = {
    f"{CORE}.formats.shell_paths",
    f"{CORE}.recall",
    f"{CORE}.results",
    f"{CORE}.session",
    f"{CORE}.tokens",
    f"{CORE}.wire",
    f"{CORE}.zstd_modules",
}
CORE_MAY_IMPORT_FROM_OUTSIDE = {"orjson"}
CLOCK_AND_NETWORK = {"asyncio", "datetime", "http", "random", "socket", "subprocess", "time"}

READERS = f"{REPORT}.reading.formats"
READER_MAY_IMPORT = {f"{READERS}.opening"}
READER_OF_FLOWS = f"{READERS}.flows"
TESTED_BY = {CORE: "compression", REPORT: "report", SHELL: "proxy"}
MODULES_WITHOUT_LOGIC = {  # need no test of their own
    f"{CORE}.calls.tool_call",
    f"{CORE}.calls.vocabulary",
    f"{CORE}.formats.passages",
    f"{CORE}.recall.elision",
    f"{CORE}.results",
    f"{CORE}.settings",
    f"{REPORT}.writing.page_style",
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


def package_of(module: str) -> str:
    return module.partition(".")[0]


def room_of(module: str) -> str:
    """The room or the module below its package; "" for the package itself."""
    return module.partition(".")[2].partition(".")[0]


def modules_in(package: str) -> list[str]:
    return [module for module in SOURCES if module == package or module.startswith(f"{package}.")]


def violations(modules: Iterable[str], forbidden: Iterable[str]) -> list[str]:
    forbidden = set(forbidden)
    return [
        f"{module} imports {imported}"
        for module in modules
        for imported in sorted(imports_of(module))
        if imported in forbidden or package_of(imported) in forbidden
    ]


def is_in(module: str, rooms: Iterable[str]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


@pytest.mark.parametrize("package", ROOMS)
def test_every_module_is_in_a_room(package: str) -> None:
    rooms = {room_of(module) for module in modules_in(package)} - {""}
    assert rooms == ROOMS[package].keys()


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_import_what_they_may(package: str) -> None:
    crossing = [
        f"{module} imports {imported}"
        for module in modules_in(package)
        for imported in sorted(imports_of(module))
        if package_of(imported) == package
        and room_of(module) not in {"", room_of(imported)}
        and room_of(imported) not in ROOMS[package][room_of(module)]
    ]
    assert crossing == []


@pytest.mark.parametrize("package", ROOMS)
def test_rooms_make_no_circle(package: str) -> None:
    graphlib.TopologicalSorter(ROOMS[package]).prepare()


def test_packages_import_one_way() -> None:
    below = {CORE: {REPORT, SHELL, SCRIPT}, REPORT: {SHELL, SCRIPT}, SHELL: {SCRIPT}}
    assert [line for package, above in below.items() for line in violations(modules_in(package), above)] == []


def test_the_core_knows_no_proxy_no_clock_and_no_network() -> None:
    assert violations(modules_in(CORE), {"mitmproxy", *CLOCK_AND_NETWORK}) == []


def test_the_core_needs_few_packages() -> None:
    outside = {
        f"{module} imports {imported}"
        for module in modules_in(CORE)
        for imported in imports_of(module)
        if package_of(imported) not in {CORE, *sys.stdlib_module_names, *CORE_MAY_IMPORT_FROM_OUTSIDE}
    }
    assert outside == {
        f"{CORE}.fingerprints imports cryptography.hazmat.primitives.ciphers.aead",
        f"{CORE}.tokens imports tiktoken",
    }


@pytest.mark.parametrize(("package", "allowed"), [(REPORT, REPORT_MAY_IMPORT), (SHELL, SHELL_MAY_IMPORT)])
def test_who_stands_above_the_core_imports_its_face_and_a_few_rooms(package: str, allowed: set[str]) -> None:
    hidden = {module for module in modules_in(CORE) if module != CORE and not is_in(module, allowed)}
    assert violations(modules_in(package), hidden) == []


def test_a_report_knows_no_clock_and_no_network() -> None:
    assert violations(modules_in(REPORT), CLOCK_AND_NETWORK) == []


def test_one_reader_knows_mitmproxy_and_no_reader_another_one() -> None:
    assert violations(set(modules_in(REPORT)) - {READER_OF_FLOWS}, {"mitmproxy"}) == []
    readers = set(modules_in(READERS)) - {READERS}
    assert violations(readers, readers - READER_MAY_IMPORT) == []


@pytest.mark.parametrize("leaves", [FOLDS, ELISIONS])
def test_a_fold_or_an_elision_imports_no_other_one(leaves: str) -> None:
    assert violations(modules_in(leaves), modules_in(leaves)) == []


def test_imports_make_no_circle() -> None:
    graph = {module: imports_of(module) & SOURCES.keys() - {module} for module in SOURCES}
    list(graphlib.TopologicalSorter(graph).static_order())


def has_test(module: str) -> bool:
    """Whether the test lies where the module does; cases are one for a fold or an elision."""
    package, _, rest = module.partition(".")
    name = module.rpartition(".")[2]
    has_cases = is_in(module, (FOLDS, ELISIONS)) and any((TESTS / "cases" / name).rglob("*.input.txt"))
    folder = TESTS / TESTED_BY.get(package, "proxy") / Path(*rest.split(".")[:-1])
    return has_cases or (folder / f"test_{name}.py").exists()


def test_every_module_has_its_test_in_the_same_place() -> None:
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
    lengths = {str(path): len(path.read_text().splitlines()) for path in SOURCES.values()}
    assert {name: length for name, length in lengths.items() if length > FILE_LIMIT} == {}


def test_nothing_is_left_to_do() -> None:
    notes = [
        path.name for path in SOURCES.values() if {"TODO", "FIXME"} & set(path.read_text().replace(":", " ").split())
    ]
    assert notes == []


def test_nothing_else_lies_at_the_top() -> None:
    """Clients that run in a checkout leave files of their own there."""
    root = TESTS.parent
    if not (root / ".git").exists():
        pytest.skip("no git checkout, so nothing tells what is ours")
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert {line.partition("/")[0] for line in listed.splitlines()} == TOP_LEVEL | TOP_LEVEL_DOTFILES
