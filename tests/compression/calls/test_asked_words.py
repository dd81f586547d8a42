"""Which words a call searches for."""

from __future__ import annotations

import pytest

from headroom_compression.calls.asked_words import asked_words
from headroom_compression.calls.asked_words import picks_by_no_word
from tests.compression.recall.test_kept_lines import call_of
from tests.compression.support.bodies import Item
from tests.compression.support.bodies import command_call
from tests.compression.support.bodies import function_call


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (command_call("journalctl -u web | grep -i 'timeout'"), ("timeout",)),
        (command_call("rg -n retry_count src"), ("retry_count",)),
        (command_call("rg --files src"), ()),
        (command_call("cd /repo && pytest -v -k 'invoice and not slow'"), ("invoice",)),
        (command_call("pytest -k 'Invoice or (total and not (slow or flaky))'"), ("flaky", "invoice", "slow", "total")),
        (command_call("uv run python -m pytest -k total"), ("total",)),
        (command_call("rg -n 'not and or' src"), ("and", "not")),
        (command_call("npx jest -t 'adds numbers'"), ("adds", "numbers")),
        (command_call("go test -run TestOrders ./..."), ("testorders",)),
        (command_call("go test -v -run=TestOrders -count=1 ./..."), ("testorders",)),
        (command_call("jest --testNamePattern='adds numbers' --ci"), ("adds", "numbers")),
        (command_call("pytest -v tests/test_carts.py::TestCarts::test_adds[3-4] tests/test_mail.py"), ("test_adds",)),
        (command_call("pytest -v tests/test_carts.py"), ()),
        (command_call("python -m unittest -v shop.tests.CartTests.test_adds shop.mail"), ("test_adds",)),
        (command_call("python manage.py test shop.tests.CartTests.test_adds -v 2"), ("test_adds",)),
        (command_call("tox -e py312 -- -k invoice"), ("invoice",)),
        (
            command_call("cargo test -p shop --test carts cart_adds -- --exact --test-threads 1 mail"),
            ("cart_adds", "mail"),
        ),
        (command_call("cargo +nightly test --release -- --skip slow"), ()),
        (command_call("cargo nextest run --no-fail-fast cart_adds"), ("cart_adds",)),
        (command_call("cargo run --release orders"), ()),
        (command_call("./gradlew test --tests 'com.acme.CartTest.addsTwo'"), ("addstwo", "carttest")),
        (command_call("mvn -q test -Dtest=CartTest#addsTwo"), ("addstwo", "carttest")),
        (command_call("node --test --test-name-pattern='adds two'"), ("adds", "two")),
        (command_call("node node_modules/.bin/mocha -f adds"), ("adds",)),
        (command_call("npm test -- -t 'adds two'"), ("adds", "two")),
        (command_call("npx playwright test -g checkout"), ("checkout",)),
        (command_call("vendor/bin/phpunit --filter testAdds"), ("testadds",)),
        (command_call("deno test --filter adds"), ("adds",)),
        (command_call("grep -E '\\bcheckout\\b' app.log"), ("bcheckout", "checkout")),
        (command_call("rg 'check.*' app.log"), ("check", "check.")),
        (command_call("grep -E '[0-9]{4,} ms' app.log"), ("0-9",)),
        (command_call("pip install -e .[tests]"), ()),
        (command_call("make all"), ()),
        (function_call("mcp__tracker__search", {"query": "Invoice total", "limit": 50}), ("invoice", "total")),
    ],
)
def test_what_a_call_asks_for(item: Item, words: tuple[str, ...]) -> None:
    assert asked_words(call_of(item)) == words


@pytest.mark.parametrize(
    "command",
    [
        "grep -E '[0-9]{4,} ms' app.log",
        "docker logs web | grep -E ' 50[0-9] '",
        "docker logs web 2>&1 | grep -P '\\s\\d{4}\\s' | tail -50",
        "journalctl -u web -p err",
        "journalctl --priority=0..4 -u web",
        "journalctl -pwarning",
    ],
)
def test_lines_that_were_picked_by_no_word(command: str) -> None:
    assert picks_by_no_word(call_of(command_call(command)))


@pytest.mark.parametrize(
    "command",
    [
        "grep checkout app.log",
        "grep -E '[0-9]{4,} ms|checkout' app.log",
        "docker logs web | grep .",
        "docker logs web | grep -v '^$'",
        "docker logs web | grep -vE ' 20[0-9] '",
        "journalctl -u web -p info",
        "journalctl -u web -p notice..err",
        "rg --files src",
        "grep -c '[0-9]{4} ms' app.log; npm test",
        "npm test",
    ],
)
def test_lines_that_were_not(command: str) -> None:
    assert not picks_by_no_word(call_of(command_call(command)))
