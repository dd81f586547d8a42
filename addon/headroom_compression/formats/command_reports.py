"""What mini-swe-agent, Hermes, Mistral Vibe and Code Puppy say of a command in JSON, and the plain form of it.

    {                                     Exit code: 0
      "returncode": 0,                    Output:
      "output": "a\\nb\\n"                  a
    }                                     b

    {                                     <returncode>0</returncode>
      "returncode": 0,                    <warning>
      "output_head": "…",                 Output too long.
      "output_tail": "…",                 </warning>
      "elided_chars": 12,                 <output_head>
      "warning": "Output too long."       …
    }                                     </output_head>
                                          <elided_chars>
                                          12 characters elided
                                          …

    {"output": "a\\nb", "exit_code": 1, "error": null, "exit_code_meaning": "…"}       Exit code: 1
                                                                                     error: null
                                                                                     exit_code_meaning: "…"
                                                                                     Output:
                                                                                     a
                                                                                     b

    {"command":"ls","returncode":0,"stderr":"","stdout":"a\\nb","timed_out":false,       Exit code: 0
     "was_truncated":false}                                                            command: "ls"
                                                                                       stderr: ""
                                                                                       timed_out: false
                                                                                       was_truncated: false
                                                                                       Output:
                                                                                       a
                                                                                       b

    {"success":true,"command":"ls","error":"","stdout":"a\\nb","stderr":"",              Exit code: 0
     "exit_code":0,"execution_time":0.1,"timeout":false,"user_interrupted":false,      success: true
     "user_feedback":null,"background":false,"log_file":null,"pid":null}               command: "ls"
                                                                                       error: ""
                                                                                       stderr: ""
                                                                                       execution_time: 0.1
                                                                                       …
                                                                                       Output:
                                                                                       a
                                                                                       b

Byte-exact: the strings are escaped as Jinja's `tojson` escapes them, those of the others not at all. What has another
field is none of these, nor is what Vibe has cut; Code Puppy shows the last 256 lines and says nothing of a cut.
"""

from __future__ import annotations

import json
import re

_STRING = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
_SHORT = re.compile(rf'\{{\n  "returncode": (-?[0-9]{{1,9}}),\n  "output": ({_STRING})\n\}}')
_LONG = re.compile(
    rf'\{{\n  "returncode": (-?[0-9]{{1,9}}),\n  "output_head": ({_STRING}),\n  "output_tail": ({_STRING}),\n'
    r'  "elided_chars": ([0-9]{1,12}),\n  "warning": "Output too long\."\n\}'
)
# The rest of Hermes' fields, in the order in which it writes them.
_NOTES = re.compile(rf', "(verification_evidence|approval|exit_code_meaning)": ({_STRING}|\{{[^{{}}\n]{{0,1000}}\}})')
_HERMES = re.compile(
    rf'\{{"output": ({_STRING}), "exit_code": (-?[0-9]{{1,9}}), "error": null((?:{_NOTES.pattern}){{0,3}})\}}'
)
_NOTE_LINES = re.compile(r"(verification_evidence|approval|exit_code_meaning): ([^\n]*)\n")
_PLAIN_HERMES = re.compile(rf"Exit code: (-?[0-9]{{1,9}})\nerror: null\n((?:{_NOTE_LINES.pattern}){{0,3}})Output:\n")
_VIBE = re.compile(
    rf'\{{"command":({_STRING}),"returncode":(-?[0-9]{{1,9}}),"stderr":({_STRING}),"stdout":({_STRING}),'
    r'"timed_out":(true|false),"was_truncated":false\}'
)
# How those begin that say of which command they are: Mistral Vibe's and Code Puppy's.
_NAMING = ('{"command":"', '{"success":true,"command":"', '{"success":false,"command":"')
_PLAIN_VIBE = re.compile(
    rf"Exit code: (-?[0-9]{{1,9}})\ncommand: ({_STRING})\nstderr: ({_STRING})\ntimed_out: (true|false)\n"
    r"was_truncated: false\nOutput:\n"
)
_PUPPY = re.compile(
    rf'\{{"success":(true|false),"command":({_STRING}),"error":({_STRING}),"stdout":({_STRING}),"stderr":({_STRING}),'
    r'"exit_code":(-?[0-9]{1,9}),("execution_time":[0-9.e+-]{1,30},"timeout":(?:true|false),'
    r'"user_interrupted":(?:true|false),"user_feedback":null,"background":false,"log_file":null,"pid":null)\}'
)
_PLAIN_PUPPY = re.compile(
    rf"Exit code: (-?[0-9]{{1,9}})\nsuccess: (true|false)\ncommand: ({_STRING})\nerror: ({_STRING})\n"
    rf"stderr: ({_STRING})\n((?:[a-z_]{{3,20}}: [^\n]{{1,30}}\n){{7}})Output:\n"
)
_MOST_LINES = 256  # of Code Puppy: where there are so many, some may be missing
_LONG_FORM = (
    '{\n  "returncode": %s,\n  "output_head": %s,\n  "output_tail": %s,\n  "elided_chars": %s,\n'
    '  "warning": "Output too long."\n}'
)
EXIT_CODE = re.compile(r"Exit code: (-?[0-9]{1,9})\nOutput:\n")
_PLAIN_LONG_FORM = (
    "<returncode>{}</returncode>\n<warning>\nOutput too long.\n</warning>\n<output_head>\n{}\n</output_head>\n"
    "<elided_chars>\n{} characters elided\n</elided_chars>\n<output_tail>\n{}\n</output_tail>"
)
_PLAIN_LONG = re.compile(
    re.escape(_PLAIN_LONG_FORM).replace(r"\{\}", "{}").format("(-?[0-9]{1,9})", "(.*)", "([0-9]{1,12})", "(.*)"),
    re.DOTALL,
)
# Jinja's, for texts that stand in HTML.
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"})


def plain(text: str) -> str | None:
    """The plain form; None where the text is no such report."""
    try:
        if match := _SHORT.fullmatch(text):
            return f"Exit code: {match[1]}\nOutput:\n{_said(match[2])}"
        if match := _LONG.fullmatch(text):
            return _PLAIN_LONG_FORM.format(match[1], _said(match[2]), match[4], _said(match[3]))
        if match := _HERMES.fullmatch(text):
            notes = "".join(f"{name}: {source}\n" for name, source in _NOTES.findall(match[3]))
            return f"Exit code: {match[2]}\nerror: null\n{notes}Output:\n{_said(match[1])}"
        if match := _VIBE.fullmatch(text):
            command, code, errors, output, has_stopped = match.groups()
            notes = f"command: {command}\nstderr: {errors}\ntimed_out: {has_stopped}\nwas_truncated: false\n"
            return f"Exit code: {code}\n{notes}Output:\n{_said(output)}"
        if match := _PUPPY.fullmatch(text):
            return _plain_puppy(match)
    except ValueError:  # an escape that is none, or half a character, which cannot be sent
        pass
    return None


def _plain_puppy(report: re.Match[str]) -> str | None:
    success, command, error, output, errors, code, others = report.groups()
    printed = _said(output)
    if printed.count("\n") + 1 >= _MOST_LINES:
        return None
    notes = others.replace('"', "").replace(":", ": ").replace(",", "\n")
    said = f"success: {success}\ncommand: {command}\nerror: {error}\nstderr: {errors}\n{notes}\n"
    return f"Exit code: {code}\n{said}Output:\n{printed}"


def as_json(text: str) -> str | None:
    """The report whose plain form the text is; None where it is none."""
    if match := EXIT_CODE.match(text):
        return f'{{\n  "returncode": {match[1]},\n  "output": {_source(text[match.end() :])}\n}}'
    if match := _PLAIN_HERMES.match(text):
        notes = "".join(f', "{name}": {source}' for name, source in _NOTE_LINES.findall(match[2]))
        output = json.dumps(text[match.end() :], ensure_ascii=False)
        return f'{{"output": {output}, "exit_code": {match[1]}, "error": null{notes}}}'
    if match := _PLAIN_VIBE.match(text):
        code, command, errors, has_stopped = match.groups()
        output = json.dumps(text[match.end() :], ensure_ascii=False)
        before = f'{{"command":{command},"returncode":{code},"stderr":{errors},"stdout":{output}'
        return f'{before},"timed_out":{has_stopped},"was_truncated":false}}'
    if match := _PLAIN_PUPPY.match(text):
        code, success, command, error, errors, others = match.groups()
        output = json.dumps(text[match.end() :], ensure_ascii=False)
        before = f'{{"success":{success},"command":{command},"error":{error},"stdout":{output},"stderr":{errors}'
        fields = ",".join(f'"{line}' for line in others[:-1].replace(": ", '":').split("\n"))
        return f'{before},"exit_code":{code},{fields}}}'
    if match := _PLAIN_LONG.fullmatch(text):
        return _LONG_FORM % (match[1], _source(match[2]), _source(match[4]), match[3])
    return None


def says_its_command(text: str) -> bool:
    """Whether it begins as a report that says of which command it is."""
    return text.startswith(_NAMING)


def names_command(text: str, command: str) -> bool:
    """Whether it is such a report that says itself that it is of this command."""
    said = json.dumps(command, ensure_ascii=False)
    vibe, puppy = _VIBE.fullmatch(text), _PUPPY.fullmatch(text)
    return (vibe is not None and vibe[1] == said) or (puppy is not None and puppy[2] == said)


def _said(source: str) -> str:
    text = str(json.loads(source))
    text.encode()
    return text


def _source(text: str) -> str:
    return json.dumps(text).translate(_ESCAPED)
