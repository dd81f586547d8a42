"""Scripts of Codex's code mode that run one command."""

from __future__ import annotations

import pytest

from tests.compression.calls.test_reading import call_of
from tests.compression.support.bodies import custom_call


@pytest.mark.parametrize(
    "script",
    [
        pytest.param('exec_command({cmd: "a"}); exec_command({cmd: "b"})', id="two commands"),
        pytest.param('const run = exec_command; exec_command({cmd: "a"})', id="another name for it"),
        pytest.param("exec_command({cmd: `ls ${folder}`})", id="a template"),
        pytest.param("exec_command({cmd: line})", id="a variable"),
        pytest.param('exec_command({cmd: "echo \\x41"})', id="an escape that JSON does not have"),
        pytest.param('exec_command({cmd: "it\\\'s"})', id="an escaped apostrophe"),
        pytest.param('exec_command({cmd: "a\tb"})', id="a raw tab"),
        pytest.param("print(1)", id="no command"),
        pytest.param(
            'const r = await tools.exec_command({cmd: "cat a"}); text(r.output.split("\\n").slice(9))', id="a part"
        ),
        pytest.param('const r = await tools.exec_command({cmd: "cat " + f}); text(r.output)', id="a longer command"),
        pytest.param('text(await tools.exec_command({cmd: "cat a", cmd: "cat b"}))', id="the same key twice"),
        pytest.param('const r = await tools.exec_command({cmd: "cat a"}); text(other)', id="another text"),
        pytest.param('text(await tools.exec_command({cmd: "cat a"})); text("more")', id="more text"),
        pytest.param('for (const f of fs) text(await tools.exec_command({cmd: "cat a"}))', id="a loop"),
        pytest.param('text(await tools.exec_command({cmd: "cat a", workdir: folder}))', id="a folder in a variable"),
    ],
)
def test_a_script_without_one_clear_command_has_none(script: str) -> None:
    assert call_of(custom_call("exec", script)).command is None
