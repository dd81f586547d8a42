"""Lines in which configure scripts, CMake and Meson tell of a check that found what it looked for, or the usual.

A `no`, `not found` or `Failed` may be the reason of what goes wrong later: those stay, but for the few that every build
with GCC on Linux gets. Not here either: `Found OpenSSL (version ...)`, summaries, warnings, errors.
"""

from __future__ import annotations

# The answer is one word, a path with options, or one of the few that have more words.
_ANSWER = (
    r"(?!(?:not?|none|unknown|un\w{1,20}|fail\w{0,5}|disabled|missing|error|warning|broken|skipp\w{1,5}|bad|old|wrong"
    r"|configure:)\b(?! (?:needed|required)$))"
    r"(?:[^\s:]{1,200}|yes \([^()]{1,60}\)|none (?:needed|required)|BSD nm|GNU/Linux ld\.so|printf %s\\n"
    r"|/\S{1,200}(?: [-\w=]{1,40}){1,3}|\S{1,60}(?: -[\w-]{1,60}){1,3})"
)

CONFIGURE_LINES = {
    "checks with the usual answer": (
        # checking for strerror... yes   checking for gcc... gcc   checking size of long... (cached) 8
        rf"checking (?:(?!\.\.\. )[^\n]){{1,200}}\.\.\. (?:\(cached\) )?{_ANSWER}",
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
        (
            r"-- (?:Looking for|Performing Test|Check size of|Check for working|Detecting) (?:(?! - )[^\n]){1,200}"
            r"(?: - (?:found|Success|done|yes|works|skipped))?"
        ),
        # Has header "fcntl.h" : YES   Compiler for C supports arguments -Wall: YES
        (
            r"(?:Has header \"[^\"\n]{1,200}\"|Checking for (?:function|size of|type) \"[^\"\n]{1,200}\""
            r"|Compiler for [\w+-]{1,20} supports (?:link )?arguments? \S{1,200}?) ?: "
            r"(?:YES|[0-9]{1,6}) ?(?:\(cached\))?"
        ),
    ),
}
