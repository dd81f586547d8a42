"""Of which commands what Terraform read, began and does not know yet is left out."""

from __future__ import annotations

import pytest

from headroom_compression import compress_request_body
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_output
from tests.compression.support.bodies import request_body
from tests.compression.support.bodies import sent_items
from tests.compression.support.recall_sessions import RECALL

READ = [f"aws_subnet.part[{number}]: Refreshing state... [id=subnet-0a1b{number:04}]" for number in range(60)]
END = ["", "No changes. Your infrastructure matches the configuration.", ""]


def sent(command: str, lines: list[str]) -> str:
    body = request_body(command_call(command), function_output("\n".join(lines)))
    return str(sent_items(compress_request_body(body, RECALL).body)[-1]["output"])


@pytest.mark.parametrize(
    "command",
    [
        "terraform plan",
        "tofu -chdir=infra apply -auto-approve 2>&1 | tail -n 100",
        "cd infra && terraform init -input=false && terraform plan",
        "make plan",
    ],
)
def test_runs_of_terraform(command: str) -> None:
    assert "left out here: what Terraform read and began;" in sent(command, READ + END)


@pytest.mark.parametrize(
    "command",
    ["cat plan.txt", "terraform plan; cat plan.txt", "terraform show plan.bin", "python deploy.py", "grep x *"],
)
def test_others(command: str) -> None:
    assert "left out here" not in sent(command, READ + END)


def test_what_was_asked_for_stays() -> None:
    assert READ[30] in sent("terraform plan | grep -v 0a1b0030", READ + END).split("\n")


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("aws_db.main: Creating...", True),
        ("aws_db.main: Still creating... [10s elapsed]", True),
        ("aws_lb.front: Creating...", False),
        ("aws_lb.front: Still creating... [01m10s elapsed]", False),
        ("aws_lb.front: Destroying... [id=lb-1]", True),
        ('aws_role.a["b: c"]: Modifying... [id=r]', False),
        ("aws_lb.front: Creation complete after 1m12s [id=lb-2]", True),
        ("data.aws_ami.base: Still reading... [id=a, 10s elapsed]", False),
        ("data.aws_ami.base: Read complete after 12s [id=ami-1]", True),
        ("data.aws_ami.near: Read complete after 1s [id=ami-2]", False),
        ("      + arn                 = (known after apply)", False),
        ('      + "kubernetes.io/arn" = (known after apply)', False),
        ('      ~ arn                 = "a" -> (known after apply)', True),
        ("      + arn                 = (known after apply) # forces replacement", True),
        ("      + arn                 = (sensitive value)", True),
    ],
)
def test_which_lines_stay(line: str, stays: bool) -> None:  # noqa: FBT001  a column
    ends = [
        "aws_lb.front: Creation complete after 1m12s [id=lb-2]",
        'aws_role.a["b: c"]: Modifications complete after 0s [id=r]',
        "data.aws_ami.base: Read complete after 12s [id=ami-1]",
    ]
    plan = ["      + id = (known after apply)"]
    text = sent("terraform apply", [*READ, *plan * 2, line, *plan * 20, *READ, *ends, *END])
    assert (line in text.split("\n")) is stays
