"""Lines in which configure scripts, CMake and Meson tell of a check that found what it looked for, or the usual.

Only answers of a known form: any other, such as `no`, `FAILED` or `not found`, may be the reason of what goes wrong
later. Those stay, but for the few that every build with GCC on Linux gets. Not here either: `Found OpenSSL (version
...)`, summaries, warnings, errors.
"""

from __future__ import annotations

from headroom_compression.formats.line_kinds import Forms

_OPTIONS = r"(?: -{1,2}[A-Za-z][^\s:]{0,60}){0,3}"
# x86_64-linux-gnu-   mips-openwrt-linux-musl-gcc-
_OF_A_PLATFORM = r"(?:(?:\w{1,20}-){2,5})?"
# x86_64-linux-gnu-gcc-12   ccache_cc   mawk   python3
_PROGRAM = (
    rf"{_OF_A_PLATFORM}(?:\w{{0,20}}(?:cc|[cg]\+\+|cpp)|clang(?:\+\+)?|ar|ld|nm|[gmn]?awk|python)(?:-?[0-9.]{{1,6}})?"
)
_NUMBER = r"[1-9][0-9]{0,12}|[0-9]{1,6}(?:\.[0-9]{1,9}){1,4}(?: found)?"
# Each form of an answer says by itself that something was found or is as ever: any other word may mean the contrary.
_ANSWER = (
    r"(?:[Yy]es|YES|ok|OK|done|found|enabled|yes \((?:GNU style|[0-9/-][^\s()]{0,59})\)|none (?:needed|required)"
    # What libtool, automake and autoconf find on Linux.
    r"|BSD nm|GNU/Linux ld\.so|immediate|pass_all|func_convert_file_noop|printf(?: %s\\n)?|GNU|gcc3|lex\.yy|libc|void|@"
    r"|a\.out|o|\.libs|\.so|\w{1,20}-\w{1,20}-linux(?:-\w{1,20})?"
    # /usr/bin/ld -m elf_x86_64   /usr/bin/dd bs=4096 count=1   ${prefix}/share
    rf"|(?:\$\{{\w{{1,40}}\}})?/[^\s:]{{0,200}}(?:{_OPTIONS}| -m elf_\w{{1,20}}|(?: [a-z]{{2,5}}=\w{{1,20}}){{1,3}})"
    rf"|{_PROGRAM}{_OPTIONS}|-{{1,2}}[A-Za-z][^\s:]{{0,200}}{_OPTIONS}|{_NUMBER})"
)

CONFIGURE_LINES: Forms = {
    "checks with the usual answer": (
        # checking for strerror... yes   checking for gcc... gcc   checking size of long... (cached) 8
        rf"checking (?:(?!\.\.\. )[^\n]){{1,200}}\.\.\. (?:\(cached\) )?{_ANSWER}",
        # checking for x86_64-linux-gnu-strip... strip   checking for bison... bison -y
        (
            rf"checking for {_OF_A_PLATFORM}(?P<sought>[\w.+]{{1,60}})\.\.\. (?:\(cached\) )?"
            rf"{_OF_A_PLATFORM}(?P=sought)(?:-?[0-9.]{{1,6}})?{_OPTIONS}"
        ),
        r"checking for suffix of executables\.\.\. ?",
        (
            # What every build with GCC on Linux is answered.
            r"checking (?:whether we are cross compiling|whether byte ordering is bigendian|for sysroot|for mt"
            r"|for dlltool|if : is a manifest tool|if \S{1,80} supports -fno-rtti -fno-exceptions"
            r"|whether -lc should be explicitly linked in|for gawk|for vfork\.h)\.\.\. (?:\(cached\) )?no"
        ),
        r"configure: creating \./config\.status",
        r"config\.status: (?:creating \S{1,200}|executing [\w-]{1,40} commands)",
        # -- Looking for strnlen   -- Looking for strnlen - found   -- Performing Test HAS_WALL - Success
        # -- Check for working C compiler: /usr/bin/cc - works
        (
            r"-- (?:Looking for|Performing Test|Check size of|Check for working|Detecting) "
            r"(?:(?! - |\.\.\. |: (?!/))[^\n]){1,200}(?: - (?:found|Success|done|yes|works|skipped))?"
        ),
        # Has header "fcntl.h" : YES   Compiler for C supports arguments -Wall: YES
        (
            r"(?:Has header \"[^\"\n]{1,200}\"|Checking for (?:function|size of|type) \"[^\"\n]{1,200}\""
            r"|Compiler for [\w+-]{1,20} supports (?:link )?arguments? \S{1,200}?) ?: "
            r"(?:YES|[0-9]{1,6}) ?(?:\(cached\))?"
        ),
    ),
}
