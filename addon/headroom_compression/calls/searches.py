"""Which calls search: those that print matches with the names of their files, and those that print paths only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from headroom_compression.calls.shell_words import producers
from headroom_compression.calls.shown_files import reports
from headroom_compression.calls.tool_call import ToolCall
from headroom_compression.calls.vocabulary import GREPS
from headroom_compression.calls.vocabulary import SEARCHERS

# Claude Code's and opencode's names. Of their arguments only the shape of the result is known here.
_MATCH_TOOLS = frozenset({"grep", "grep_search"})
# Search, search_files, codebase_search, findInFiles, Copilot's rg: tools that are asked for a pattern; their rows say
# what they are.
_SEARCHING_NAME = re.compile("search|grep|find|^rg$", re.IGNORECASE)
_PATH_TOOLS = frozenset({"glob", "file_search", *_MATCH_TOOLS})
# SWE-agent's, tools or commands of its shell: they print paths, the first with how many matches each has.
_SWE_AGENT_PATHS = frozenset({"search_dir", "find_file"})
_GREPS = GREPS | {"zgrep"}
_RECURSIVE_GREPS = SEARCHERS - GREPS
_SEARCHING = _GREPS | _RECURSIVE_GREPS | {"git"}
# -rn  -l  -ilE  -A5; long options are compared as they are
_SHORT_OPTIONS = re.compile("-[A-Za-z0-9]{1,20}")
_NAMES_ONLY = frozenset({"--files-with-matches", "--files-without-match", "--name-only", "--files"})
# Counts, NUL bytes, JSON, headings, colour or no file names: their lines are not read here.
_OTHER_FORMS = frozenset(
    {"--count", "--count-matches", "--null", "--no-filename", "--json", "--heading", "--group", "--color=always"}
)
_FIND_ACTIONS = ("-exec", "-ok", "-print0", "-printf", "-fprint", "-ls", "-fls", "-delete")
# With one of these letters, or a long option that begins so, a lister prints more than paths or ends them otherwise.
_OTHER_LISTINGS = {
    "fd": (set("lxX0"), ("--exec", "--list", "--print0", "--format")),
    "fdfind": (set("lxX0"), ("--exec", "--list", "--print0", "--format")),
    "git ls-files": (set("stvfuz"), ("--stage", "--unmerged", "--eol", "--debug", "--format", "--killed")),
    "ls": (set("lsiRmZgonxC"), ("--",)),
}
_LISTING = _SEARCHING | {"find", "fd", "fdfind", "ls"}
_SEARCHING_NAMES, _LISTING_NAMES = (
    re.compile(rf"\b(?:{'|'.join(sorted(names))})\b".encode()) for names in (_SEARCHING, _LISTING)
)
# src/a.py   a.tar.gz, but neither .github nor go-tree-sitter@v0.25.0, numpy-1.26
_FILE = re.compile(r"[^/]\.[A-Za-z][A-Za-z0-9_+-]{0,20}$")
_QUOTES = b"'\"\\"
_GLOB = frozenset("*?{")
_EXPANDED = _GLOB | set("$`~[")


def prints_matches(call: ToolCall | None) -> bool:
    """Whether it prints matching lines, each with the name of its file in front; one line of another program too."""
    if call is not None and call.command is None:
        return is_searching_tool(call)
    producers_of = _producers(call) if _may_start(call, _SEARCHING_NAMES) else ()
    return any(map(_matches, producers_of)) and all(
        words and (_searches(words) or reports(words)) for words in producers_of
    )


def is_searching_tool(call: ToolCall) -> bool:
    """Whether it is no command, but a tool that finds text in files."""
    is_asked = bool(call.asked and _SEARCHING_NAME.search(call.tool)) and not call.written
    return call.command is None and (call.tool.lower() in _MATCH_TOOLS or is_asked)


def _own_name(call: ToolCall | None) -> str:
    """The name of the tool or program that a call runs."""
    if call is None:
        return ""
    return "".join(call.producer[:1]) if call.command is not None else call.tool.lower()


def may_print_others(call: ToolCall | None) -> bool:
    """Whether its output may hold lines that are no matches but look like them, such as those of a log."""
    if call is not None and call.command is None:
        return call.tool.lower() not in _MATCH_TOOLS
    return len(_producers(call)) > 1


def prints_only_matches(call: ToolCall | None) -> bool:
    """Whether each line of its output is a match: nothing else ran beside its searches."""
    return not may_print_others(call) or (bool(_producers(call)) and all(map(_matches, _producers(call))))


def _producers(call: ToolCall | None) -> Sequence[tuple[str, ...]]:
    """The programs whose lines the output of a command shows."""
    if call is None or call.command is None:
        return ()
    return (call.producer,) if call.producer and call.producer[0] != "find" else producers(call.command)


def _may_start(call: ToolCall | None, names: re.Pattern[bytes]) -> bool:
    """Whether one of the names stands in its command, each letter of which may be quoted.

    To find all that a long script runs takes ten times as long.
    """
    command = (call and call.command) or ""
    return names.search(command.encode(errors="surrogatepass").translate(None, _QUOTES)) is not None


def _searches(words: Sequence[str]) -> bool:
    return _matches(words) or _parts(words)[0] in _GREPS | _RECURSIVE_GREPS | {"find", "git grep", "git ls-files"}


def _matches(words: Sequence[str]) -> bool:
    if not words or words[0] not in _SEARCHING:  # most programs, and their words need no look
        return False
    program, options, operands = _parts(words)
    letters = _letters(program, options)
    if set("lLcZ0") & letters or (_OTHER_FORMS | _NAMES_ONLY) & set(options):
        return False
    if program in _GREPS:
        return "h" not in letters and _greps_many_files(letters, options, operands)
    if program in _RECURSIVE_GREPS:
        return "I" not in letters and not _names_one_file(letters, options, operands)
    return program == "git grep" and "h" not in letters


def prints_paths(call: ToolCall | None) -> bool:
    """Whether it prints paths, one a line."""
    return _own_name(call) in _SWE_AGENT_PATHS or _lists_paths(call)


def _lists_paths(call: ToolCall | None) -> bool:
    if call is not None and call.command is None:
        return call.tool.lower() in _PATH_TOOLS
    producers_of = _producers(call) if _may_start(call, _LISTING_NAMES) else ()
    if len(producers_of) != 1 or not _LISTING.issuperset(producers_of[0][:1]):
        return False
    program, options, _ = _parts(producers_of[0])
    letters = _letters(program, options)
    if program == "find":
        return not any(option.startswith(_FIND_ACTIONS) for option in options)
    if program in _OTHER_LISTINGS:
        other_letters, other_words = _OTHER_LISTINGS[program]
        return not other_letters & letters and not any(option.startswith(other_words) for option in options)
    if program not in _GREPS | _RECURSIVE_GREPS | {"git grep"} or _OTHER_FORMS & set(options) or set("zZ0") & letters:
        return False
    return bool(set("lL") & letters or _NAMES_ONLY & set(options))


def counts_paths_first(call: ToolCall | None) -> bool:
    """Whether a line with their number stands in front of its paths; without one it printed something else."""
    return call is not None and call.command is None and call.tool.lower() in _MATCH_TOOLS


def _parts(words: Sequence[str]) -> tuple[str, list[str], list[str]]:
    """The program, with the subcommand of git, its options and its other words."""
    if words[:1] == ("git",):
        options = 1
        while options < len(words) and words[options] == "--no-pager":
            options += 1
        words = (" ".join(("git", *words[options : options + 1])), *words[options + 1 :])
    options_of = [word for word in words[1:] if word.startswith("-")]
    return words[0] if words else "", options_of, [word for word in words[1:] if not word.startswith("-")]


def _letters(program: str, options: Sequence[str]) -> set[str]:
    letters = {letter for option in options if _SHORT_OPTIONS.fullmatch(option) for letter in option[1:]}
    # rg's -L follows links.
    return letters - {"L"} if program == "rg" else letters


def _greps_many_files(letters: set[str], options: Sequence[str], operands: Sequence[str]) -> bool:
    if "H" in letters or "--with-filename" in options:
        return True
    if set("rR") & letters or "--recursive" in options:
        return not _names_one_file(letters, options, operands)
    places = _places(letters, options, operands)
    return len(places) > 1 or any(_GLOB & set(name) for name in places)


def _places(letters: set[str], options: Sequence[str], operands: Sequence[str]) -> list[str]:
    """Where it searches, as far as that is certain: patterns of -e and files of -f are none of them."""
    # A bare number belongs to an option such as -A.
    names = [operand for operand in operands if not operand.isdecimal()]
    if not set("ef") & letters and not {"--regexp", "--file"} & set(options):
        return names[1:]
    return names[len(options) :]  # each option may have taken one


def _names_one_file(letters: set[str], options: Sequence[str], operands: Sequence[str]) -> bool:
    """Whether its only place to search looks like a file: then no names stand in front of its lines."""
    places = _places(letters, options, operands)
    return len(places) == 1 and _FILE.search(places[0]) is not None and not _GLOB & set(places[0])


def revisions(call: ToolCall | None) -> tuple[str, ...]:
    """What may stand in front of the paths of a search: `git grep -n total origin/main -- src` names a revision."""
    parts = map(_parts, filter(_matches, _producers(call)))
    return tuple(f"{operand}:" for program, _, operands in parts if program == "git grep" for operand in operands)


def asks_for_numbers(call: ToolCall | None) -> bool:
    """Whether its rows have the numbers of their lines."""
    return any(map(_shows_numbers, filter(_matches, _producers(call))))


def _shows_numbers(words: Sequence[str]) -> bool:
    program, options, _ = _parts(words)
    return "n" in _letters(program, options) or "--line-number" in options


def places(call: ToolCall | None) -> tuple[str, ...]:
    """With one of these each path that it prints begins, a "./" aside; "" stands for any."""
    return tuple(map(_only_place, filter(_matches, _producers(call)))) or ("",)


def _only_place(words: Sequence[str]) -> str:
    """ "" where it names no place, several, or a pattern."""
    program, options, operands = _parts(words)
    named = _places(_letters(program, options), options, operands) if program in _GREPS | _RECURSIVE_GREPS else []
    if len(named) != 1 or _EXPANDED & set(named[0]):
        return ""
    place = named[0].removeprefix("./").rstrip("/")
    return "" if place == "." else place
