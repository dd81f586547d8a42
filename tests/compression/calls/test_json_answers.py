from __future__ import annotations

import json

import pytest

from headroom_compression.calls.json_answers import answers_in_json
from headroom_compression.calls.reading import read_call


def answers(tool: str, **arguments: str) -> bool:
    return answers_in_json(
        read_call({"type": "function_call", "name": tool, "arguments": json.dumps(arguments)}),
    )


@pytest.mark.parametrize(
    "command",
    [
        "curl -s https://api.example.com/issues",
        "curl -s https://api.example.com/issues | jq '.items[] | {id}'",
        "curl -s https://api.example.com/issues | jq -c . | head -20",
        "curl -s localhost:8080/status | python3 -m json.tool",
        "gh api repos/shop/backend/issues --paginate",
        "gh pr view 12 --json title,files",
        "kubectl get pods -o json",
        "oc get pods -ojson 2>/dev/null",
        "kubectl get pods --output=json | jq .items",
        "docker inspect web",
        "docker ps --format '{{json .}}'",
        "npm ls --json",
        "aws ec2 describe-instances",
        "az vm list -o json",
        "gcloud projects list --format json",
        "terraform show -json",
        "cargo metadata --format-version 1",
        "/usr/bin/pip list --format=json",
        "cd /repo && ruff check --output-format json src",
        "npx --no-install eslint . --format json",
        "uv run --extra lint mypy --output json src",
        "poetry run ruff check --output-format=json | jq '.[0]'",
        "python3 -m ruff check --output-format json",
        "python -X dev -m pip list --format json",
        "npx jest --json",
        "curl -s https://api.example.com/issues | jq . || true",
        "docker compose exec -T web curl -s localhost:8080/status",
        "curl -s https://api.example.com/issues \\\n  -H 'Accept: application/json'",
        "sleep 2 && curl -s https://api.example.com/issues; echo done",
        "echo '== issues' && curl -s https://api.example.com/issues | jq .items",
        "for n in 1; do curl -s https://api.example.com/issues; done",
        "(cd app && curl -s https://api.example.com/issues)",
        "curl -s https://api.example.com/issues | tee issues.txt",
        "git status --short\ngh issue list --json number",
    ],
)
def test_programs_that_make_json(command: str) -> None:
    assert answers("bash", command=command)


@pytest.mark.parametrize(
    "command",
    [
        "cat package.json",
        "cat package.json; curl -s https://api.example.com/issues",
        "curl -s https://api.example.com/issues && ./show package.json",
        "curl -s https://api.example.com/issues; curl -s https://api.example.com/users",
        "sleep 2 && jq . package.json",
        'echo "$(cat package.json)"; curl -s https://api.example.com/issues',
        "jq . package.json",
        "python -m json.tool package.json",
        "cat package.json | jq .",
        "curl -s https://api.example.com/issues | jq . package.json",
        "curl -s https://api.example.com/issues | tee issues.json | jq .",
        "curl -s https://api.example.com/issues; cat package.json",
        "curl -s file:///repo/package.json",
        "curl -s https://raw.example.com/main/package.json",
        "gh api repos/shop/backend/contents/package.json",
        "gh pr view 12",
        "kubectl get pods -o yaml",
        "docker exec web cat package.json -o json",
        "docker exec web python -c 'print(open(\"a.json\").read())' ruff --json",
        "python -c 'print(open(\"a.json\").read())' -m ruff --json",
        "npx prettier package.json",
        "kubectl exec web -- cat a.json",
        "aws s3 cp s3://bucket/package.json -",
        "git show HEAD:package.json",
        "node show.js",
        "docker exec web cat package.json",
    ],
)
def test_programs_that_may_show_a_file(command: str) -> None:
    assert not answers("bash", command=command)


@pytest.mark.parametrize(
    "tool",
    ["mcp__forge__list_issues", "search_code", "getPullRequest", "TaskList", "web_search", "get_profile", "show_issue"],
)
def test_tools_that_answer_with_data(tool: str) -> None:
    assert answers(tool, query="a")


@pytest.mark.parametrize(
    "tool",
    [
        "Read",
        "mcp__fs__read_text_file",
        "readFile",
        "showfile",
        "load_document",
        "preview",
        "exec",
        "write_stdin",
        "js_repl",
        "RunTerminalCommand",
        "bash",
        "get_file_contents",
        "read_mcp_resource",
        "NotebookRead",
        "Grep",
        "get_current_selection",
        "mcp__ide__get_active_editor",
        "getBuffer",
        "getSelectedText",
    ],
)
def test_tools_that_show_files_or_run_programs(tool: str) -> None:
    assert not answers(tool, query="a")


def test_a_tool_that_names_a_path() -> None:
    assert not answers("mcp__workspace__lookup", path="package.json")


@pytest.mark.parametrize(
    ("tool", "expected"),
    [("directory_tree", True), ("mcp__fs__directory_tree", True), ("read_directory_tree", False)],
)
def test_the_tree_of_a_folder_is_no_file(tool: str, *, expected: bool) -> None:
    assert answers(tool, path="/srv/shop") is expected


@pytest.mark.parametrize(
    "value", ["package.json", "data/areas.geojson", "./data/areas", "~/areas", "file:///srv/a", "nb/Areas.ipynb"]
)
@pytest.mark.parametrize("tool", ["mcp__x__get", "mcp__x__load_dataset", "list_records"])
def test_a_tool_that_names_a_file_under_another_key(tool: str, value: str) -> None:
    assert not answers(tool, target=value)
    assert not answers(tool, limit="3", source_of=value)


@pytest.mark.parametrize("value", ["https://api.example.com/areas.json", "shop/backend", "json", "select a.json_value"])
def test_other_values_name_no_file(value: str) -> None:
    assert answers("mcp__x__list_records", target=value)


def test_an_unknown_call() -> None:
    assert not answers_in_json(None)
