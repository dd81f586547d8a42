"""Reading a shell command line: the programs of its pipe, and the one that made the lines of the output.

Only what is wholly understood: one pipe of plain words. Everything else has no known producer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import dropwhile

from headroom_compression.calls.vocabulary import GREPS
from headroom_compression.calls.vocabulary import HEADS
from headroom_compression.calls.wrappers import ASSIGNMENT
from headroom_compression.calls.wrappers import without_wrappers

# A word may be quoted in part: a'b c'"d e"\\ f   and hold a number: -j$(nproc)
_WORD_OR_OPERATOR = r"""[ \t\r]+
    |2>(?:&1|[ \t]*/dev/null)(?=[ \t\r();<>|&]|$)
    |(?P<operator>[();<>|&]+)
    |(?P<word>(?:[^ \t\r'"\\();<>|&$]+|\$(?:\(SUBSTITUTED\))?|'[^']*'|"(?:[^"\\]|\\.)*"|\\.)+)"""
# What is behind the last of them is one, too, so that none is looked for behind what is not understood.
_REST = r"|(?P<rest>[\s\S]+)"
# -j$(nproc)   $(go env GOPATH)/pkg/mod: what the program inside prints is an argument, as the value of $GOPATH is.
_PLAIN_PROGRAM = r"[\w./:=@-]{1,80}(?:[ ][\w./:=@-]{1,80}){0,5}(?:[ ]2>/dev/null)?"
_TOKEN = re.compile(_WORD_OR_OPERATOR.replace("SUBSTITUTED", _PLAIN_PROGRAM) + _REST, re.VERBOSE)
# -v $(pwd):/app  $(cat jobs)
_LOOSE_TOKEN = re.compile(_WORD_OR_OPERATOR.replace("SUBSTITUTED", r"[^()'\"\\\n]{1,200}") + _REST, re.VERBOSE)
_SUBSTITUTION = "$("
_QUOTED = re.compile(r"""'[^']*+'|"(?:[^"\\]|\\.)*+"|\\.""", re.DOTALL)
_ESCAPED_IN_QUOTES = re.compile(r'\\(["\\])')
# sed -n '1,40p'   awk 'NR<=40'   cut -c1-200: the last shortens long lines, whose beginning says what they are.
SED_RANGE = re.compile(r"([1-9][0-9]{0,8})(?:,([1-9][0-9]{0,8}|\$))?p")
_AWK_RANGE = re.compile(r"NR ?[<>=]=? ?[0-9]{1,9}(?: ?&& ?NR ?[<>=]=? ?[0-9]{1,9})?")
_CUT_RANGE = re.compile(r"(?:-[bc])?1?-[1-9][0-9]{0,5}")
# They print some or all of the lines that they read and change none; the others only with these options.
_FILTERS = HEADS | {"sort"}
_FILTERS_WITH = {
    **dict.fromkeys(("cat", "tac", "uniq"), re.compile(r"(?!)")),
    "tee": re.compile("-[ai]{1,2}"),
    **dict.fromkeys(GREPS | {"rg"}, re.compile(r"-[viEFwxaeP]{1,8}|--color=never")),
}
_FIND_EXEC = frozenset({"-exec", "-execdir"})
_FIND_ACTIONS = ("-exec", "-ok", "-print", "-fprint", "-ls", "-fls", "-delete")
_XARGS_OPTION_OF_TWO_WORDS = frozenset({"-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s"})
# What stands in a longer command is not looked for: a search takes up to 2.5 microseconds a character. Longer ones are
# texts to be written, and scripts.
MAX_COMMAND = 20_000
# Each elision looks at each of them. The longest recorded command runs 40.
_MAX_PROGRAMS = 200
# A word as POSIX shells read it: a  'b c'  "d \"e\""  f\ g  and these side by side. Possessive: a quote that is open
# at the end costs no second look.
_SHELL_WORD = re.compile(r"""[ \t\r\n]*+((?:[^ \t\r\n'"\\]++|'[^']*+'|"(?:[^"\\]|\\.)*+"|\\.)++)""", re.DOTALL)
_SEQUENCES = frozenset({"|", "&&", "||", ";"})
_BETWEEN_PIPES = _SEQUENCES - {"|"}
_PIPES = frozenset({"|"})
_PIPE = {"|&": "|"}  # bash: with the errors
_SILENT_BEFORE = re.compile(r"set [-+][a-uwyz]{1,8}(?: [a-z]{1,20})?|export [A-Za-z_]\w{0,40}=[\w./:-]{0,200}")
# What stands behind || runs when there was no output to speak of, a search without a match, and prints a word.
_SILENT_BEHIND = frozenset({("||", "true"), (";", "true"), ("||", ":"), (";", ":"), ("||", "echo")})
_KEYWORDS = re.compile(r"\A(?:(?:do|elif|else|if|then|until|while|!)(?:[ \t]+|\Z)){0,4}")
_AROUND_LOOPS = re.compile(r"for[ \t].*|done|fi")
# Subshells, programs in the background, redirections, and these side by side: );   )&&(   >>   &>
_NOTHING = "/dev/null"
_LOOSE_OPERATOR = re.compile(
    r"(?P<closes>\)+)?(?:(?P<separates>;|&&|\|\|?|\|&|&)|(?P<redirects><|>>?|>\||&>>?|>&))?(?P<opens>\(+)?"
)


@lru_cache(maxsize=16)  # several readers look at the same command, one after the other
def pipeline(command: str) -> Sequence[list[str]] | None:
    """The words of each program of a pipe; None when there is anything but pipes and words.

    `nl -ba a.py 2>/dev/null | head` gives [["nl", "-ba", "a.py"], ["head"]].
    """
    return None if "\n" in command else _programs(command, _PIPES)


@lru_cache(maxsize=4)  # each elision looks at the same command
def programs(command: str) -> Sequence[tuple[str, ...]]:
    """The words of all programs that the lines of a command run one after the other or in pipes, wrappers left away.

    `npm ci && CI=1 npx jest | tail` gives [("npm", "ci"), ("npx", "jest"), ("tail",)]. Empty where the command holds
    more than that: groups, substitutions, redirected output. The words of loops and conditions are taken for programs.
    """
    found: list[tuple[str, ...]] = []
    if len(command) > MAX_COMMAND:
        return ()
    for line in command.split("\n"):
        words = _programs(line, _SEQUENCES) if line.strip() else []
        if words is None or len(found) + len(words) > _MAX_PROGRAMS:
            return ()
        found += [without_wrappers(program) for program in words]
    return tuple(program for program in found if program)


@lru_cache(maxsize=4)  # each elision looks at the same command
def simple_commands(command: str) -> Sequence[tuple[str, ...]]:
    """The words of all programs that the lines of a command may run, also in subshells, in the background, with
    redirected output, assignments in front left away. A file that a program reads by `<` counts as a word of it. Empty
    where a line holds more than that, such as `<<`.

    `(cd api && nice -n 5 pytest > out.txt 2>&1); tail out.txt` gives ("cd", "api"), ("nice", "-n", "5", "pytest"),
    ("tail", "out.txt").
    """
    if len(command) > MAX_COMMAND:
        return ()
    found: list[tuple[str, ...]] = []
    for line in command.replace("\\\n", " ").split("\n"):
        words = [] if line.lstrip().startswith("#") else _simple_commands(line)
        if words is None or len(found) + len(words) > _MAX_PROGRAMS:
            return ()
        found += words
    return tuple(found)


def _simple_commands(line: str) -> list[tuple[str, ...]] | None:
    tokens = _without_blanks(_LOOSE_TOKEN.findall(line)) if _SUBSTITUTION in line else _tokens(line)
    if tokens is None:
        return None
    found: list[list[str]] = [[]]
    redirection = None
    for mark, word in tokens:
        if word is not None:
            if redirection is None or (redirection == "<" and word != _NOTHING and found[-1]):
                found[-1].append(word)
            redirection = None
            continue
        if redirection:
            return None
        if mark in _SEQUENCES:  # nearly always
            found.append([])
            continue
        operator = _LOOSE_OPERATOR.fullmatch(mark)
        if operator is None:
            return None
        redirection = operator["redirects"]
        if operator["separates"] or operator["closes"]:
            found.append([])
        if operator["opens"] and (redirection or found[-1]):  # a process, a function, an array, a substitution
            return None
    return [tuple(own) for words in found if (own := list(dropwhile(ASSIGNMENT.fullmatch, words)))]


def _programs(command: str, operators: frozenset[str]) -> list[list[str]] | None:
    """The words of each program between such operators; None when there is anything else."""
    tokens = _tokens(command) if len(command) <= MAX_COMMAND else None
    if tokens is None:
        return None
    found: list[list[str]] = [[]]
    for operator, word in tokens:
        if word is not None:
            found[-1].append(word)
        elif operator not in operators:
            return None
        else:
            found.append([])
    return found if all(found) else None


@lru_cache(maxsize=8)  # nearly all commands are read as one pipe, as a sequence of pipes, and loosely
def _tokens(command: str) -> Sequence[tuple[str, str | None]] | None:
    """The operators, with None beside each, and words, unquoted; None where anything else stands there."""
    return _without_blanks(_TOKEN.findall(command))


def _without_blanks(found: Sequence[tuple[str, str, str]]) -> Sequence[tuple[str, str | None]] | None:
    if found and found[-1][2]:
        return None
    return [(_PIPE.get(mark, mark), _unquoted(word) if word else None) for mark, word, _ in found if word or mark]


def _unquoted(word: str) -> str:
    is_plain = "'" not in word and '"' not in word and "\\" not in word
    return word if is_plain else _QUOTED.sub(_content, word)


def _content(quoted: re.Match[str]) -> str:
    text = quoted[0]
    if text[0] == '"':
        return _ESCAPED_IN_QUOTES.sub(r"\1", text[1:-1])
    return text[1:-1] if text[0] == "'" else text[1:]


def three_words(line: str) -> list[str]:
    """The words of a line that has three, as `shlex.split` reads them, whose time grows with the square of a word; else
    none.
    """
    words, position = list[str](), 0
    while len(words) < len(("bash", "-lc", "LINE")) and (word := _SHELL_WORD.match(line, position)):
        words.append(_unquoted(word[1]))
        position = word.end()
    return words if not line[position:].strip(" \t\r\n") else []


@lru_cache(maxsize=16)
def producer(command: str) -> tuple[str, ...]:
    """The words of the program that made the lines of the output, filters such as `| head` left away; () if unknown.

    Beside it may stand what prints nothing: `set -e; rg a src || true`.
    """
    piped = pipeline(producing_part(command))
    if piped is None or not all(_is_line_filter(words) for words in piped[1:]):
        return ()
    return without_wrappers(piped[0])


@lru_cache(maxsize=4)  # several readers look at the same command
def producers(command: str) -> Sequence[tuple[str, ...]]:
    """The same for each of the pipes that run one after the other, also for what xargs and `find -exec` start.

    `pwd; git ls-files | xargs rg a | head` gives [("pwd",), ("rg", "a", "{}")]; () stands for a pipe that is not
    understood. Empty where the command holds more than pipes.
    """
    return tuple(map(_started_by_pipe, pipes(command)))


@lru_cache(maxsize=4)  # several readers look at the same command
def pipes(command: str) -> Sequence[str]:
    """The pipes that run one after the other, words of loops and conditions around them left away. Subshells and
    redirections stay in them; empty where a line cannot be read.

    `if ls; then rg a | head; fi` gives "ls" and "rg a | head".
    """
    parts: list[str] = []
    for line in command.split("\n"):
        own = _in_sequence(line)
        if (line.strip() and not own) or len(parts) + len(own) > _MAX_PROGRAMS:
            return ()
        parts += [_KEYWORDS.sub("", part) for _, part in own]
    return tuple(part for part in parts if part and not _AROUND_LOOPS.fullmatch(part))


def _started_by_pipe(part: str) -> tuple[str, ...]:
    piped = pipeline(part) or []
    start = max((place for place, words in enumerate(piped) if words[0] == "xargs"), default=0)
    if not piped or not all(map(_is_line_filter, piped[start + 1 :])):
        return ()
    words = without_wrappers(piped[start])
    if words[:1] == ("xargs",):
        return started_by_xargs(words)
    actions = [place for place, word in enumerate(words) if word.startswith(_FIND_ACTIONS)]
    if words[:1] == ("find",) and len(actions) == 1 and words[actions[0]] in _FIND_EXEC and words[-1] in {"+", ";"}:
        return words[actions[0] + 1 : -1]
    return words


def started_by_xargs(words: Sequence[str]) -> tuple[str, ...]:
    """The program that it starts, with a "{}" for the names that it is given."""
    start = 1
    while start < len(words) and words[start].startswith("-"):
        start += 2 if words[start] in _XARGS_OPTION_OF_TWO_WORDS else 1
    return (*words[start:], "{}") if start < len(words) else ()


@lru_cache(maxsize=16)  # to read a call, and for its producer
def producing_part(command: str) -> str:
    """The command without programs that print nothing, in front of it and behind it."""
    parts = _in_sequence(command)
    while len(parts) > 1 and _SILENT_BEFORE.fullmatch(parts[0][1]) and parts[1][0] in {";", "&&"}:
        parts = parts[1:]
    while len(parts) > 1 and _is_silent_behind(*parts[-1]):
        parts = parts[:-1]
    return parts[0][1] if len(parts) == 1 else command


def _is_silent_behind(operator: str, part: str) -> bool:
    piped = pipeline(part)
    return piped is not None and len(piped) == 1 and (operator, piped[0][0]) in _SILENT_BEHIND


@lru_cache(maxsize=16)  # readers look at a command, at its pipes and its lines, again and again
def _in_sequence(command: str) -> Sequence[tuple[str, str]]:
    """What stands between `;`, `&&` and `||`, each with the operator in front of it; none of what is not understood."""
    if len(command) > MAX_COMMAND or "\n" in command or _tokens(command) is None:
        return []
    if not any(map(command.__contains__, _BETWEEN_PIPES)):
        return [("", command.strip())]
    parts: list[tuple[str, str]] = []
    operator, start = "", 0
    for token in _TOKEN.finditer(command):
        if token[0] in _BETWEEN_PIPES:
            parts.append((operator, command[start : token.start()].strip()))
            operator, start = token[0], token.end()
    return [*parts, (operator, command[start:].strip())]


def _is_line_filter(words: list[str]) -> bool:
    match words:
        case ["sed", "-n", expression]:
            return SED_RANGE.fullmatch(expression) is not None
        case ["awk", expression]:
            return _AWK_RANGE.fullmatch(expression) is not None
        case ["cut", place] | ["cut", "-b" | "-c", place]:
            return _CUT_RANGE.fullmatch(place) is not None
    if words[0] in _FILTERS:
        return True
    harmless = _FILTERS_WITH.get(words[0])
    return harmless is not None and all(harmless.fullmatch(word) for word in words[1:] if word.startswith("-"))
