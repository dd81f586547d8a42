"""Configure scripts: which answers are the usual ones."""

from __future__ import annotations

import pytest

from headroom_compression.formats.builds.configure_lines import CONFIGURE_LINES
from tests.compression.support.line_kinds import kind_of_line


@pytest.mark.parametrize(
    "line",
    [
        "checking for strerror... yes",
        "checking for inttypes.h... (cached) yes",
        "checking for gcc... gcc",
        "checking whether make supports the include directive... yes (GNU style)",
        "checking for gcc option to enable C11 features... none needed",
        "checking how to associate runtime and link libraries... printf %s\\n",
        "checking for ld used by g++... /usr/bin/ld -m elf_x86_64",
        "checking for suffix of executables... ",
        "checking for suffix of object files... o",
        "checking for sin in -lm... -lm",
        "checking for dd command to truncate... /usr/bin/dd bs=4096 count=1",
        "checking the maximum length of command line arguments... 1572864",
        "checking for python version... 3.11",
        "checking for python script directory... ${prefix}/lib/python3.11/site-packages",
        "checking how to run the C preprocessor... gcc -E",
        "checking for gcc... (cached) x86_64-linux-gnu-gcc-12",
        "checking for x86_64-linux-gnu-strip... strip",
        "checking for gawk... mawk",
        "checking for doxygen... doxygen",
        "checking for bison... bison -y",
        "checking host system type... x86_64-unknown-linux-gnu",
        "checking whether we are cross compiling... no",
        "config.status: creating src/Makefile",
        "-- Looking for strnlen",
        "-- Looking for strnlen - found",
        "-- Performing Test HAS_WERROR - Success",
        "-- Check for working C compiler: /usr/bin/cc - skipped",
        "-- Looking for 4 include files stdlib.h, ..., float.h - found",
        'Has header "fcntl.h" : YES',
        "Compiler for C supports arguments -Wno-error: YES",
        'Checking for size of "long" : 8',
    ],
)
def test_the_usual_answer_is_known(line: str) -> None:
    assert kind_of_line(line, CONFIGURE_LINES) == "checks with the usual answer"


@pytest.mark.parametrize(
    "line",
    [
        "checking for ldap.h... no",
        "checking for ldap_init in -lldap... (cached) no",
        "checking whether to build static libraries... no",
        "checking for python version... not found",
        "checking for python... configure: error: no python",
        "checking for OpenSSL... unknown",
        "checking for dot... none",
        "checking whether the C compiler works... failed",
        "checking for bison... too old",
        "checking for ldap.h... NO",
        "checking for ldap.h... No",
        "checking whether the C compiler works... FAILED",
        "checking for libldap... NOT_FOUND",
        "checking for libldap... LDAP-NOTFOUND",
        "checking for working mmap... crashed",
        "checking whether the server answers... timeout",
        "checking for a working LDAP library... absent",
        "checking whether fork returns... never",
        "checking whether strptime works... maybe",
        "checking for openssl... no-openssl",
        "checking for libldap... yes (too old)",
        "checking for perl... /usr/bin/perl too old",
        "checking size of long double... 0",
        "configure: WARNING: unrecognized options: --with-ldap",
        "configure: error: the LDAP library is needed: install libldap-dev",
        "-- Looking for sys/event.h - not found",
        "-- Performing Test HAS_BOGUS - Failed",
        "-- Looking for python3... NOT FOUND",
        "-- Check for working Fortran compiler: NO",
        "-- Could NOT find Doxygen (missing: DOXYGEN_EXECUTABLE)",
        '-- Found ZLIB: /usr/lib/libz.so (found version "1.2.13")',
        "-- Configuring incomplete, errors occurred!",
        'Has header "ldap.h" : NO',
        "Run-time dependency zlib found: YES 1.2.13",
    ],
)
def test_any_other_answer_is_not(line: str) -> None:
    assert kind_of_line(line, CONFIGURE_LINES) is None
