"""Builds: what is a step, and what tells how it went."""

from __future__ import annotations

import pytest

from headroom_compression.formats.builds.compile_lines import COMPILE_LINES
from tests.compression.support.line_kinds import kind_of_line


@pytest.mark.parametrize(
    "line",
    [
        "Compiling shop-anyerror v0.8.6 (/home/dev/shop/crates/anyerror)",
        "Compiling serde_derive v1.0.203 (proc-macro)",
        "Running `/home/dev/.rustup/bin/rustc --crate-name shop_stock --edition=2021 crates/stock/src/lib.rs`",
        "[ 12%] Building CXX object CMakeFiles/shop.dir/src/error_pages.cpp.o",
        "[100%] Built target shop",
        "[62/62] Linking CXX executable shop",
        "[7/62] /usr/bin/clang++ -Iinclude -Werror -o cart.o -c src/cart.cpp",
        "x86_64-linux-gnu-gcc-12 -O2 -Wall -c src/a.c -o a.o",
        "ccache gcc -O2 -DFAILED=1 -c a.c -o a.o",
        "gcc -shared -Wl,-rpath,/opt/lib build/a.o -o build/a.so",
        "/bin/bash ./libtool  --tag=CC   --mode=compile gcc -c -o src/api.lo src/api.c &&\\",
        "libtool: compile:  gcc -c src/api.c  -fPIC -DPIC -o src/.libs/api.o",
        "libtool: compile:  ccache gcc -Werror -c src/errors.c -o src/errors.o",
        "libtool: link: g++ .libs/main.o -o .libs/shop -lfallback",
        "libtool: link: ar cr .libs/libshop.a .libs/errors.o",
        "libtool: link: ranlib .libs/libshop.a",
        'libtool: link: ( cd ".libs" && rm -f "libshop.la" && ln -s "../libshop.la" "libshop.la" )',
        "libtool: link: rm -f .libs/shop.exp",
        "libtool: install: /usr/bin/install -c .libs/shop /usr/local/bin/shop",
        "libtool: install: chmod 644 /usr/local/lib/libshop.a",
        "libtool: install: strip --strip-unneeded /usr/local/lib/libshop.so",
        "Running command Getting requirements to build wheel",
        "reading manifest template 'MANIFEST.in'",
        "adding license file 'LICENSE.txt'",
        "creating '/home/dev/tmp/errors-3.0.4.dist-info'",
        "changing mode of /home/dev/env/bin/cython to 755",
        "Copying src/A.egg-info to build/bdist.linux-x86_64/wheel/./A-3.0.4-py3.11.egg-info",
        "depbase=`echo src/main.o | sed 's|[^/]*$|.deps/&|;s|\\.o$||'`;\\",
        "mv -f $depbase.Tpo $depbase.Plo",
        "make[1]: Entering directory '/home/dev/shop'",
        "CC       src/errors.lo",
        "copying shop/errors.py -> build/lib/shop",
        "adding 'shop/errors.py'",
        "building 'shop_fast._tax' extension",
        "[1,204 / 2,310] Compiling src/errors.cc; 3s linux-sandbox",
        "[1,204 / 2,310] 3 / 10 tests; Testing //src/cart:tax_test; 12s remote-cache, worker",
        "[5 / 7] [Sched] Executing genrule //src:version; 0s ... (8 actions, 7 running)",
    ],
)
def test_a_step_is_known(line: str) -> None:
    assert kind_of_line(line, COMPILE_LINES) == "build steps"


def test_an_installed_file_is_known() -> None:
    assert kind_of_line("-- Installing: /usr/local/bin/shop", COMPILE_LINES) == "files that were installed"


@pytest.mark.parametrize(
    "line",
    [
        "src/cart.c:12:5: error: expected ';' before 'return'",
        "gcc: error: unrecognized command-line option '-fbogus'; did you mean '-fbounds'?",
        "gcc: fatal error: no input files",
        "g++ --version",
        "cc1: all warnings being treated as errors",
        "/usr/bin/ld: cart.o: in function `total': undefined reference to `tax'",
        "collect2: error: ld returned 1 exit status",
        "make[1]: *** [Makefile:12: src/cart.o] Error 1",
        "make: Nothing to be done for 'all'.",
        "FAILED: CMakeFiles/shop.dir/src/cart.cpp.o",
        "ninja: build stopped: subcommand failed.",
        "libtool: warning: remember to run 'libtool --finish /usr/local/lib'",
        "libtool: link: cannot find the library `/usr/lib/libfoo.la' or unhandled argument `/usr/lib/libfoo.la'",
        "libtool: link: warning: `/usr/lib/libfoo.la' seems to be moved",
        "libtool: link: `src/api.lo' is not a valid libtool object",
        "libtool: link: only absolute run-paths are allowed",
        "libtool: compile: unable to infer tagged configuration",
        "libtool: compile: specify a tag with `--tag'",
        "libtool: install: warning: remember to run `libtool --finish /usr/local/lib'",
        "libtool: install: error: cannot install `libshop.la' to a directory not ending in /usr/lib",
        "libtool: install: install: cannot create regular file '/usr/lib/libshop.so': Permission denied",
        "warning: `shop-stock` (lib) generated 1 warning",
        "error: could not compile `shop-refunds` (lib) due to 1 previous error",
        "Finished `dev` profile [unoptimized + debuginfo] target(s) in 1.49s",
        "Running `target/debug/shop`",
        "[ 50%] Generating version.h",
        "warning: build_py: byte-compiling is disabled, skipping.",
        "creating 'dist/shop-1.4.2.whl' and adding 'build/wheel' to it",
        "Running command git clone --filter=blob:none https://example.com/a",
        "no previously-included directories found matching 'docs/_build'",
        "[3 / 10] could not open config.toml",
        "[3 / 10] order 77 has no address",
        "[3 / 10] 1 / 10 tests, 1 failed; Testing //src/cart:tax_test; 3s linux-sandbox",
        "[3 / 10] Compiling src/cart.cc; 3s linux-sandbox: out of space on /dev/sda1",
        "creating: shop/ could not be written",
    ],
)
def test_how_it_went_is_not(line: str) -> None:
    assert kind_of_line(line, COMPILE_LINES) is None
