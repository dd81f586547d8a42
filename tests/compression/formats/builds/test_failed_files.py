"""Which files the errors of a build tell of."""

from __future__ import annotations

from headroom_compression.formats.builds.failed_files import failed_names
from headroom_compression.formats.builds.failed_files import names_one_of

LOG = """[1/3] cc -c src/mail.c -o mail.c.o
src/cart.c:12:5: error: expected ';'
src/tax.c:3:1: warning: unused
make[1]: *** [Makefile:12: build/order.o] Error 1
FAILED: [code=1] build/stock.o
"""


def test_names_of_files_with_errors() -> None:
    assert set(failed_names(LOG)) == {"cart.c", "order.o", "stock.o"}


def test_a_step_of_one_of_them() -> None:
    assert names_one_of("[2/3] cc -c src/cart.c -o cart.c.o", {"cart.c"})
    assert names_one_of("CC build/cart.c.o", {"cart.c"})
    assert not names_one_of("CC build/carts.c.o", {"cart.c"})
