#!/usr/bin/env bash
# With pytest-cov the row of the last test may go on as a warning, so that who reads rows counts one test too few.
#
# Versions: pytest 9.2.0, pytest-cov 7.1.0 with coverage 7.17.5, Python 3.10 or newer.
#
# Behaviour, with two tests that pass and --cov of a package that they do not import: pytest ends the row of a test when
# it writes the next one, and the last when its next section begins. coverage warns in between, on stderr. Where both
# streams go to one place, as with agents and in CI, the status of the last test and the warning are one line. One would
# expect that each status ends its line: a pattern such as `PASSED +\[ *[0-9]+%\]$` finds one test of two under -v.
# Without -v the dots of the tests and the path of the warning become one word, which reads as a path of its own, and the
# row has no [100%].
#
# Output seen (the folders left away):
#     test_cart.py::test_adds PASSED                                           [ 50%]
#     test_cart.py::test_removes PASSED                                        [100%]/.../coverage/control.py:N: CoverageWarning: No data was collected.
#     2 passed
#     test_cart.py ../.../coverage/control.py:N: CoverageWarning: No data was collected.
#     2 passed
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pytest==9.2.0 pytest-cov==7.1.0 coverage==7.17.5

mkdir shop
echo 'PRICE = 1' >shop/__init__.py
cat >test_cart.py <<'PYTHON'
def test_adds():
    pass

def test_removes():
    pass
PYTHON
touch pytest.ini

# The rows of tests and the total, without the folder and the line of coverage, and what it says behind its warning.
run() {
    env -i "PATH=$PATH" "HOME=$PWD" COLUMNS=80 venv/bin/python -m pytest --cov=shop "$@" >log 2>&1
    grep -oE '^test_cart.*|[0-9]+ passed' log |
        sed -E 's,([].])/.*/coverage/control\.py:[0-9]+,\1/.../coverage/control.py:N,; s,(collected\.).*,\1,'
}
{
    run -v
    run
} >seen
cat seen

diff - seen <<'EXPECTED'
test_cart.py::test_adds PASSED                                           [ 50%]
test_cart.py::test_removes PASSED                                        [100%]/.../coverage/control.py:N: CoverageWarning: No data was collected.
2 passed
test_cart.py ../.../coverage/control.py:N: CoverageWarning: No data was collected.
2 passed
EXPECTED
echo "pytest-cov behaves as described"
