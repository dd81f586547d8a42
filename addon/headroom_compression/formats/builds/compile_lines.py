"""Lines in which builds tell of their steps: what a compiler is started with, or which file is its turn.

They have no status: what goes wrong stands in lines of its own. Not here: those, and what a build says of its result.
"""

from __future__ import annotations

from headroom_compression.formats.line_kinds import Forms
from headroom_compression.formats.line_kinds import FormWithWord

_OPTIONS = r"[^\n]{1,20000}"
_STEP = r"\[(?: {0,2}[0-9]{1,3}%|[0-9]{1,6}/[0-9]{1,6})\]"
_MAKE = r"(?:[^\s:]{0,200}/)?g?make(?:\[[0-9]{1,3}\])?"
# gcc -O2 -c a.c -o a.o   ccache clang++ a.o -o a
_COMPILER = (
    r"(?:\S{0,200}ccache )?[^\s:=]{0,200}?(?:cc|c\+\+|g\+\+|clang|clang\+\+)(?:-[0-9.]{1,6})? {1,4}"
    rf"(?:-|[^\s:]{{1,300}}\.o\b)(?=[^\n]{{0,20000}} -(?:[co] |shared )){_OPTIONS}"
)
# ar cr .libs/libshop.a src/api.o   ranlib .libs/libshop.a
_ARCHIVER = r"(?:\S{0,200}/)?(?:ar [a-zA-Z]{1,8}|ranlib) \S{1,300}\.a\b[^\n]{0,20000}"
# (cd .libs && rm -f libshop.so && ln -s libshop.so.0 libshop.so)   /usr/bin/install -c .libs/shop /usr/bin/shop
_MOVED_FILES = (
    r"\( ?cd [^\s&]{1,300} && [^\n]{1,2000}\)"
    r"|(?:\S{0,200}/)?(?:(?:cp|ln|mv|rm|strip) -|chmod [0-7]{3,4} |install(?:-sh|\.sh)? -)[^\n]{1,2000}"
)

STEPS = "build steps"

COMPILE_LINES: Forms = {
    STEPS: (
        # Compiling shop-api v0.3.6 (/home/dev/shop/crates/api)
        r"(?:Compiling|Checking|Documenting|Fresh) [\w-]{1,80} v[0-9]\S{0,60}(?: \([^()\n]{1,300}\)){0,2}",
        # Running `rustc --crate-name shop_stock --edition=2021 crates/stock/src/lib.rs ...`
        r"Running `(?:[^`\s]{0,300}/)?rustc --crate-name [^\n]{1,20000}`",
        # [ 12%] Building CXX object CMakeFiles/shop.dir/src/cart.cpp.o   [7/62] Linking CXX executable shop
        (
            rf"{_STEP} (?:Building [A-Z]{{1,10}} object|Linking [A-Z]{{1,10}} "
            r"(?:static library|shared library|shared module|executable)|Built target) \S{1,300}"
        ),
        # [3/181] Compiling C object libshop.a.p/src_cart.c.o   [150/181] Linking static target libshop.a
        (
            rf"{_STEP} (?:Compiling [A-Z][A-Za-z+#-]{{0,20}} (?:object|source)|Linking (?:static |shared )?target"
            r"|Generating symbol file) \S{1,300}"
        ),
        r"(?:Scanning dependencies|Consolidate compiler generated dependencies) of target \S{1,200}",
        # [7/62] /usr/bin/clang++ -Iinclude -o cart.o -c src/cart.cpp   ccache gcc -O2 -c a.c -o a.o
        # [8/62] : && /usr/bin/cc   src/cart.c.o -o cart   && :
        *(
            FormWithWord(word, rf"(?:\[[0-9]{{1,6}}/[0-9]{{1,6}}\] )?(?:cd [^\s&]{{1,300}} && )?(?::? && )?{_COMPILER}")
            for word in (" -c ", " -o ", " -shared ")
        ),
        # /bin/bash ./libtool --tag=CC --mode=compile gcc -c -o api.lo api.c   libtool: compile:  gcc -c api.c
        FormWithWord("libtool ", rf"(?:\S{{1,40}}/)?(?:ba)?sh \S{{0,200}}libtool {{1,4}}--{_OPTIONS}"),
        # Warnings begin so too: libtool: link: warning: ...
        rf"libtool: (?:compile|link|install): {{1,2}}(?:{_COMPILER}|{_ARCHIVER}|{_MOVED_FILES})",
        FormWithWord(".a", _ARCHIVER),
        # What automake runs around a compiler, CMake around make, and make around folders.
        r"depbase=`echo [^\n]{1,300}`;\\",
        r"mv -f \S{1,300}\.Tpo \S{1,300}\.Pl?o",
        FormWithWord("cmake -", r"(?:cd [^\s&]{1,300} && )?(?:\S{0,200}/)?cmake -(?:S|E|P)[^\n]{1,2000}"),
        FormWithWord(" -f CMakeFiles/", rf"{_MAKE} {{1,2}}-f CMakeFiles/\S{{1,300}} \S{{1,300}}"),
        FormWithWord("ing directory '", rf"{_MAKE}: (?:Entering|Leaving) directory '[^'\n]{{1,300}}'"),
        # CC       src/api.lo
        r"(?:CC|CXX|CCLD|CXXLD|LD|AR|AS|GEN|HOSTCC|HOSTLD|OBJCOPY|CC \[M\]|LD \[M\]) {1,9}\S{1,300}",
        # copying shop/cart.py -> build/lib/shop   adding 'shop/cart.py'   running build_ext
        r"(?:copying|hard linking) [^\n]{1,300} -> \S{1,300}",
        r"adding '[^'\n]{1,300}'",
        r"(?:creating|running) (?:[\w./-]{1,300}|'[^'\n]{1,500}')",
        r"(?:Copying [^\s']{1,300} to|installing to|changing mode of \S{1,300} to) \S{1,300}",
        # What pip runs of a package's own build: Running command Getting requirements to build wheel
        r"Running command (?:Building|Getting|Preparing|installing)[^\n]{1,200}",
        r"adding license file '[^'\n]{1,300}'",
        r"(?:reading|writing) manifest (?:file|template) '[^'\n]{1,300}'",
        r"writing (?:[\w -]{1,60} to \S{1,300}|\S{1,300}/PKG-INFO)",
        r"building '[\w.]{1,200}' extension",
        # Bazel: [1,204 / 2,310] Compiling src/cart.cc; 3s linux-sandbox ... (8 actions running)
        # but not: [1,204 / 2,310] 12 / 40 tests, 1 failed; Testing //src/cart:tax_test; 3s linux-sandbox
        (
            r"\[[0-9,]{1,9} / [0-9,]{1,9}\] (?:[0-9,]{1,9} / [0-9,]{1,9} tests; )?[^\n;]{1,1000}; [0-9]{1,6}s"
            r"(?: [a-z][a-z-]{1,40}(?:, [a-z-]{1,40}){0,4})?(?: \.\.\. \([0-9,]{1,9} actions?[0-9a-z, ]{0,40}\))?"
        ),
        # MSBuild: Restored /srv/shop/src/Cart/Cart.csproj (in 210 ms).   Cart -> /srv/shop/src/Cart/bin/Debug/Cart.dll
        r"Restored [^\n:]{1,500}proj \(in [0-9.,]{1,9} (?:ms|sec)\)\.",
        *(
            FormWithWord(ending, rf"[\w.-]{{1,200}} -> (?:/|[A-Z]:\\)[^\n:]{{1,500}}\{ending}")
            for ending in (".dll", ".exe")
        ),
    ),
    "files that were installed": (
        # -- Installing: /usr/local/include/shop/cart.h
        r"-- (?:Installing|Up-to-date): /[^\n]{1,500}",
    ),
    "files that were copied or unpacked": (
        # Copying '/srv/shop/static/a.js'   inflating: shop-1.0/src/a.py   creating: shop-1.0/
        r"Copying '[^'\n]{1,500}'",
        # but not what unzip says behind a name:   inflating: a.css   bad CRC 3f2a1b4c  (should be 9d8e7f6a)
        r"(?:inflating|extracting): (?![^\n]{0,500}bad CRC)\S{1,300}(?: \S{1,300}){0,8}",
        r"creating: [^\n]{1,500}/",
    ),
    "items and hosts of Ansible with which all is well": (
        # ok: [web-1]   skipping: [web-1]   changed: [web-1] => (item=nginx)
        (
            r"(?:(?:ok|skipping): \[[^\]\n]{1,300}\](?: => \(item=[^\n]{1,500}\))?"
            r"|changed: \[[^\]\n]{1,300}\] => \(item=[^\n]{1,500}\))"
        ),
    ),
    "migrations that were applied": (
        # Applying auth.0001_initial... OK   A time is told where it is asked for; those that took long stay.
        r"Applying [\w.]{1,300}\.\.\. OK(?: \(0\.[0-9]{1,9}s\))?",
        # 2024_05_01_000000_create_carts_table ............................ 12.34ms DONE
        r"[0-9]{4}_[0-9]{2}_[0-9]{2}_[0-9]{6}_\w{1,200} \.{1,300} [0-9.]{1,9}ms DONE",
        # INFO  [alembic.runtime.migration] Running upgrade 1975ea83b712 -> ae1027a6acf7, add carts
        r"INFO {1,2}\[alembic\.runtime\.migration\] Running upgrade [\w, -]{0,200}-> \w{1,60}, [^\n]{1,300}",
    ),
}
