#!/usr/bin/env bash
# A run of behave in which every scenario went wrong says "0 failed".
#
# Versions: behave 1.2.6 and 1.3.3, on Python 3.11 or newer.
#
# Behaviour: up to 1.2.6 each scenario that did not pass is counted as failed, and listed below "Failing scenarios:". One
# would expect the same of 1.3. But there only a step whose assert does not hold makes a scenario fail. A step that
# raises anything else, and a step that nobody has written, make it an "error", which has a count and a list of its own:
# "0 failed" then stands in the summary of a run of which nothing passed. Who looks for " failed" or for the list of
# failing scenarios in the output, as scripts and agents do, finds that all is well. The status is 1 in both.
#
# Output seen:
#     1.2.6  status 1  0 scenarios passed, 2 failed, 0 skipped          lists: Failing scenarios:
#     1.3.3  status 1  0 scenarios passed, 0 failed, 2 error, 0 skipped  lists: Errored scenarios:
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

mkdir -p features/steps
cat >features/cart.feature <<'FEATURE'
Feature: cart
  Scenario: pays
    Given a bank that is closed
  Scenario: is told of later
    Given a step that nobody wrote
FEATURE
cat >features/steps/steps.py <<'STEPS'
from behave import given

@given("a bank that is closed")
def closed(context):
    raise ConnectionError("no bank")
STEPS

# What is said of a run, its summary of scenarios and the names of its lists, in one line.
told() {
    local status=0
    "$1/bin/behave" >printed 2>&1 || status=$?
    printf '%s  status %s  %-49s lists: %s\n' \
        "$1" "$status" "$(grep -E '^[0-9]+ scenarios? ' printed)" "$(grep -E '^[A-Z][a-z]+ scenarios:$' printed | xargs)"
}

for version in 1.2.6 1.3.3; do
    python3 -m venv "$version"
    # 1.2.6 reads its own version with pkg_resources, which newer releases of setuptools no longer have.
    "$version/bin/pip" install --quiet --disable-pip-version-check "behave==$version" "setuptools<80"
    told "$version" >>seen
done
cat seen

diff - seen <<'EXPECTED'
1.2.6  status 1  0 scenarios passed, 2 failed, 0 skipped           lists: Failing scenarios:
1.3.3  status 1  0 scenarios passed, 0 failed, 2 error, 0 skipped  lists: Errored scenarios:
EXPECTED
echo "both releases of behave tell of the run as described"
