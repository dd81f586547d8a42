#!/usr/bin/env bash
# A playbook that goes well prints lines "[ERROR]" for each failure that it provides for.
#
# Versions: ansible-core 2.18.11 and 2.19.14, on Python 3.11 or newer.
#
# Behaviour: a playbook may expect that a task fails, and say so, with `ignore_errors` or with a block that has a
# `rescue`. Up to 2.18 such a failure is one line, "fatal: …", with "...ignoring" below it or the rescuing task. One would
# expect the same of 2.19, or less. But since then each of them also gets a line "[ERROR]: Task failed: …" with the place
# in the playbook and lines of its source, as a failure gets that ends the run. The status is 0 and the recap says
# "failed=0" in both. Who looks for "ERROR" in the output, as scripts and agents do, finds failures in a run without any.
#
# Output seen:
#     2.18.11  status 0  failed=0 rescued=1 ignored=1  lines with [ERROR]: 0 on standard output, 0 on standard error
#     2.19.14  status 0  failed=0 rescued=1 ignored=1  lines with [ERROR]: 2 on standard output, 0 on standard error
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >play.yml <<'PLAY'
- hosts: localhost
  gather_facts: false
  tasks:
    - name: looks whether the table is there
      command: /bin/false
      ignore_errors: true
    - block:
        - name: takes the first mirror
          command: /bin/false
      rescue:
        - name: takes the second mirror
          command: /bin/true
PLAY

# What is said of a run, in one line.
told() {
    local status=0
    env -u ANSIBLE_CONFIG ANSIBLE_NOCOLOR=1 HOME="$folder" \
        "$1/bin/ansible-playbook" play.yml >out 2>err || status=$?
    printf '%s  status %s  %s  lines with [ERROR]: %s on standard output, %s on standard error\n' "$1" "$status" \
        "$(grep -oE '(failed|rescued|ignored)=[0-9]+' out | paste -sd' ')" \
        "$(grep -cF '[ERROR]' out || true)" "$(grep -cF '[ERROR]' err || true)"
}

for version in 2.18.11 2.19.14; do
    python3 -m venv "$version"
    "$version/bin/pip" install --quiet --disable-pip-version-check "ansible-core==$version"
    told "$version"
done >seen
cat seen

diff - seen <<'EXPECTED'
2.18.11  status 0  failed=0 rescued=1 ignored=1  lines with [ERROR]: 0 on standard output, 0 on standard error
2.19.14  status 0  failed=0 rescued=1 ignored=1  lines with [ERROR]: 2 on standard output, 0 on standard error
EXPECTED
echo "both versions tell of the failures as described"
