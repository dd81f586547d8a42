#!/usr/bin/env bash
# One failed subtest makes pytest say "2 failed", and with workers the same subtest has another name.
#
# Versions: pytest 9.2.0 with its own subtests, pytest-xdist 3.8.0, Python 3.10 or newer.
#
# Behaviour, with a test of three subtests, of which one fails, and a plain test that passes: one would expect that the
# numbers of the last line add up to what was collected, 2. They do not: the failed subtest and the test around it are
# both "failed". Passed subtests are counted too, by words of their own, but only under -v: an option for more rows
# changes the totals. In the short summary the row of a subtest has its values before the id of the test, other than all
# rows. Under -n the values come as text, quoted, so that the same failure in two logs does not match.
#
# Output seen:
#     pytest
#     SUBFAILED[row] (i=1) test_rows.py::test_all_rows - assert 1 != 1
#     FAILED test_rows.py::test_all_rows - contains 1 failed subtest
#     2 failed, 1 passed
#     pytest -v
#     SUBFAILED[row] (i=1) test_rows.py::test_all_rows - assert 1 != 1
#     FAILED test_rows.py::test_all_rows - contains 1 failed subtest
#     2 failed, 1 passed, 2 subtests passed
#     pytest -n 1
#     SUBFAILED[row] (i='1') test_rows.py::test_all_rows - assert 1 != 1
#     FAILED test_rows.py::test_all_rows - contains 1 failed subtest
#     2 failed, 1 passed
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pytest==9.2.0 pytest-xdist==3.8.0

cat >test_rows.py <<'PYTHON'
def test_all_rows(subtests):
    for number in range(3):
        with subtests.test("row", i=number):
            assert number != 1

def test_plain():
    pass
PYTHON
touch pytest.ini

# What the summary says of the tests run with these options; one of them fails, and so does pytest.
run() {
    env -i "PATH=$PATH" "HOME=$PWD" COLUMNS=200 venv/bin/python -m pytest "$@" >log 2>&1 || true
    grep -oE '^(SUB)?FAILED.* - .*|[0-9]+ failed, .* passed' log
}
for options in "" " -v" " -n 1"; do
    echo "pytest$options"
    # shellcheck disable=SC2086  words
    run $options
done >seen
cat seen

diff - seen <<'EXPECTED'
pytest
SUBFAILED[row] (i=1) test_rows.py::test_all_rows - assert 1 != 1
FAILED test_rows.py::test_all_rows - contains 1 failed subtest
2 failed, 1 passed
pytest -v
SUBFAILED[row] (i=1) test_rows.py::test_all_rows - assert 1 != 1
FAILED test_rows.py::test_all_rows - contains 1 failed subtest
2 failed, 1 passed, 2 subtests passed
pytest -n 1
SUBFAILED[row] (i='1') test_rows.py::test_all_rows - assert 1 != 1
FAILED test_rows.py::test_all_rows - contains 1 failed subtest
2 failed, 1 passed
EXPECTED
echo "pytest behaves as described"
