"""Lines in which package managers tell of single packages while all goes well: fetched, unpacked, there already.

By what a gap of them is called. Not here: warnings, deprecations, errors, retries, answers other than 200 and 304,
lists of what was asked for, what was installed in the end, what was replaced or removed, questions and advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Sequence

from headroom_compression.formats.line_kinds import Forms
from headroom_compression.formats.line_kinds import FormWithWord

_URL = r"(?:https?|ftp|file)://\S{1,500}"
_PROGRESS = r"Progress \([0-9]{1,3}\): [0-9.kMGB/ |\r]{1,200}"
_DEBIAN_PACKAGE = r"[a-z0-9][a-z0-9+.-]{0,100}(?::[a-z0-9-]{1,20})? \([^()\s]{1,100}\)"
# requests>=2.31  uvicorn[standard]==0.29.0  pydantic!=1.8,!=1.8.1,<3.0.0
_REQUIREMENT = r"[A-Za-z0-9][^\s()]{0,300}"

_SERVER = re.compile(r"://([^/\s]{1,300})")

NPM = "requests and choices of npm"
PIP = "packages that pip found, fetched or had"

INSTALL_LINES: Forms = {
    "packages that apt fetched and set up": (
        # Get:12 http://deb.debian.org/debian bookworm/main amd64 nginx amd64 1.22.1-9 [529 kB]
        # Hit:1 http://deb.debian.org/debian bookworm InRelease
        rf"(?:Get|Hit):[0-9]{{1,5}} {_URL} [^\[\]]{{1,300}}(?:\[[0-9.,]{{1,9}} ?[kMG]?B\])?",
        # (Reading database ... 137204 files and directories currently installed.)
        r"\(Reading database \.\.\. (?:[0-9]{1,3}%|[0-9]{1,9} files and directories currently installed\.\))",
        # Selecting previously unselected package libgtk-3-dev:amd64.
        r"Selecting previously unselected package [a-z0-9][a-z0-9+.:-]{0,100}\.",
        r"Preparing to unpack \S{1,300}\.deb \.\.\.",
        # Unpacking libglib2.0-0:amd64 (2.74.6-2+deb12u9) over (2.74.6-2+deb12u8) ...
        rf"Unpacking {_DEBIAN_PACKAGE}(?: over \([^()\s]{{1,100}}\))? \.\.\.",
        rf"(?:Setting up|Processing triggers for) {_DEBIAN_PACKAGE} \.\.\.",
        # update-alternatives: using /usr/bin/groovy2 to provide /usr/bin/groovy (groovy) in auto mode
        r"update-alternatives: using \S{1,300} to provide \S{1,300} \(\S{1,100}\) in auto mode",
    ),
    PIP: (
        # Collecting kombu<6.0,>=5.3.4 (from celery==5.3.6->-r requirements.txt (line 5))
        rf"Collecting {_REQUIREMENT}(?: \(from [^\n]{{1,900}}\))?",
        # Downloading flask-3.1.3-py3-none-any.whl (103 kB)   Using cached six-1-py3-none-any.whl.metadata (943 bytes)
        # Downloading https://download.example.org/whl/mpmath-1.3.0-py3-none-any.whl (536 kB)
        (
            r"(?:Downloading|Using cached) (?:https?://\S{1,500}/)?[^\s/]{1,200}\.(?:whl|tar\.gz|zip)(?:\.metadata)? "
            r"\([0-9.]{1,9} ?(?:[kMG]?B|bytes)\)"
        ),
        # Processing /srv/packages/files/six-1.17.0-py2.py3-none-any.whl (from python-dateutil)
        r"Processing /\S{1,500}\.(?:whl|tar\.gz|zip) \(from [^-\s][^\n]{0,900}\)",
        # ━━━━━━━━━━━━━━━━━━━━━ 92.1/92.1 kB 293.3 MB/s eta 0:00:00
        # From pip 25.2 on, of a download that has ended: ━━━━━━━━━━━━━━ 92.1/92.1 kB 293.3 MB/s  0:00:00
        (
            r"[━╸╺ -]{1,80} [0-9.]{1,9}/[0-9.]{1,9} (?:[kMG]?B|bytes)(?: {1,3}(?:[0-9.]{1,9} [kMG]?B/s|\?))?"
            r"(?:(?: eta| ) (?:[0-9:]{1,9}|-:--:--))?"
        ),
        # What others need; the line of a package that was asked for tells its version.
        # Requirement already satisfied: six>=1.5 in /opt/site-packages (from python-dateutil) (1.17.0)
        (
            rf"Requirement already satisfied: {_REQUIREMENT} in \S{{1,300}} "
            r"\(from [^-\s][^\n]{0,900}\) \([^()\s]{1,100}\)"
        ),
        # Building wheel for shop-fast (pyproject.toml): finished with status 'done'
        (
            r"(?:Installing build dependencies|Checking if build backend supports build_editable"
            r"|Getting requirements to build (?:wheel|editable)|Preparing metadata "
            r"\([a-z.]{1,20}\)|Preparing (?:wheel|editable) metadata \([a-z.]{1,20}\)|Building (?:wheel|editable) for "
            r"[\w.-]{1,100} \([a-z.]{1,20}\)): (?:started|finished with status 'done')"
        ),
        # Created wheel for shop: filename=shop-1.0-py3-none-any.whl size=1024 sha256=9c3d...
        # Stored in directory: /root/.cache/pip/wheels/1f/bf/4d
        r"Created (?:wheel|editable) for [\w.-]{1,100}: filename=\S{1,300} size=[0-9]{1,12} sha256=[0-9a-f]{64}",
        r"Stored in directory: /\S{1,500}",
    ),
    NPM: (
        # npm http fetch GET 200 https://registry.npmjs.org/http-errors 55ms (cache miss)
        rf"npm http fetch GET (?:200|304) {_URL} [0-9]{{1,6}}ms \(cache [a-z]{{1,20}}\)",
        rf"npm http cache \S{{1,200}}@{_URL} [0-9]{{1,6}}ms \(cache hit\)",
        # npm silly packumentCache full:https://registry.npmjs.org/ms cache-miss   npm silly fetch manifest ms@2.1.2
        (
            r"npm silly (?:packumentCache (?:corgi|full):\S{1,300} "
            r"(?:cache-miss|cache-hit|dispose|set size:[0-9]{1,12}(?: disposed:(?:true|false))?)"
            r"|fetch manifest [^\n]{1,200}|ADD node_modules/\S{1,300}"
            r"|tarball no local data for \S{1,400} Extracting by manifest\."
            r"|placeDep (?:ROOT|node_modules/\S{1,300}) \S{1,200} OK for: \S{0,200} want: [^\n]{1,100})"
        ),
    ),
    "what yarn tells while all goes well": (
        # verbose 1.13 Performing "GET" request to "https://registry.yarnpkg.com/ms".
        # verbose 9.61 Copying "/home/dev/.cache/yarn/v6/npm-ms/index.js" to "/srv/shop/node_modules/ms/index.js".
        (
            r"verbose [0-9.]{1,20} (?:(?:Checking for configuration file|Copying|Creating directory|Performing \"GET\""
            r" request to|Request) \"[^\"\n]{1,500}\""
            r"(?: to \"[^\"\n]{1,500}\"| finished with status code (?:200|304))?\.)"
        ),
    ),
    "packages that yarn fetched": (
        r"➤ YN0013: │ \S{1,300} can't be found in the cache and will be fetched from the remote registry",
    ),
    "packages that were fetched and set up": (
        # dnf, yum, which list what is installed. [SKIPPED], [FAILED] and Upgrading stay.
        # (12/65): git-core-2.43.5-1.el9.x86_64.rpm             12 MB/s | 4.4 MB     00:00
        (
            r"\([0-9]{1,5}/[0-9]{1,5}\): [^\s\[\]]{1,200} {1,200}[0-9.]{1,9} [kMG]?B/s \| {1,9}[0-9.]{1,9} [kMG]?B"
            r" {1,20}[0-9:]{2,9}"
        ),
        #   Installing       : git-core-2.43.5-1.el9.x86_64                              12/65
        (
            r"(?:Preparing|Installing|Running scriptlet|Verifying) {0,9}: {1,200}(?:\S{1,200} {1,200})?"
            r"[0-9]{1,5}/[0-9]{1,5}"
        ),
        # apk: (12/40) Installing libcurl (8.5.0-r0)   Executing busybox-1.36.1-r15.trigger
        r"\([0-9]{1,5}/[0-9]{1,5}\) Installing [\w.+-]{1,100} \([\w.+-]{1,100}\)",
        r"Executing [\w.+-]{1,200}\.(?:trigger|post-install|pre-install)",
        rf"fetch {_URL}/APKINDEX\.tar\.gz",
        # Composer: - Downloading symfony/console (v6.4.1)   - Installing symfony/console (v6.4.1): Extracting archive
        (
            r"- (?:Downloading|Installing|Locking) [\w.-]{1,100}/[\w.-]{1,100} \([^()\s]{1,100}(?: [0-9a-f]{7,40})?\)"
            r"(?:: Extracting archive)?"
        ),
        # Bundler: Fetching rake 13.0.6   Using rake 13.0.6   Installing nokogiri 1.16.0 (x86_64-linux)
        (
            r"(?:Fetching|Installing|Using) [A-Za-z][\w.-]{0,100} [0-9]{1,9}\.[0-9]{1,9}(?:\.\w{1,40}){0,6}"
            r"(?: \((?:java|[\w.]{1,20}-[\w-]{1,40})\))?"
        ),
        # Homebrew: ==> Downloading https://ghcr.io/v2/...   ==> Pouring pcre2--10.43.arm64_sonoma.bottle.tar.gz
        rf"==> (?:Downloading(?: from)? {_URL}|Fetching [\w.+@/-]{{1,100}}|Pouring \S{{1,200}})",
    ),
    "downloads": (
        # Downloaded from central: https://repo.maven.apache.org/maven2/a/b/1.0/b-1.0.pom (5.8 kB at 52 kB/s)
        # Progress (2): 28/324 kB | 4.1/281 kB
        FormWithWord(
            " from ",
            rf"(?:\[INFO\] )?(?:{_PROGRESS})?Download(?:ing|ed) from [\w.-]{{1,80}}: {_URL}"
            r"(?: \([0-9.]{1,9} [kMG]?B at [0-9.]{1,9} [kMG]?B/s\))?",
        ),
        _PROGRESS,
        # Download https://repo.example.com/a/b/1.0/b-1.0.pom   (Gradle)
        rf"Download {_URL}\.(?:pom|jar|module|aar|xml|zip)",
        # Downloaded serde v1.0.203
        r"Downloaded [\w-]{1,80} v[0-9]\S{0,60}(?: \(registry `\S{1,200}`\))?",
        # go: downloading github.com/pkg/errors v0.9.1
        r"go: downloading \S{1,200} v[0-9]\S{0,100}",
    ),
    "what uv tells while all goes well": (
        # DEBUG Searching for a compatible version of kombu (>=5.3.4, <6.0)
        # DEBUG Selecting: kombu==5.3.5 [compatible] (kombu-5.3.5-py3-none-any.whl)
        (
            r"DEBUG (?:Searching for a compatible version of [^\n]{1,300}"
            r"|Selecting: \S{1,200} \[(?:compatible|installed|preference)\] \([^()\n]{1,300}\))"
        ),
        # DEBUG Found fresh response for: https://pypi.org/simple/kombu/
        (
            r"DEBUG (?:Found (?:fresh|modified|not-modified|stale) response|No cache entry"
            rf"|Sending (?:fresh GET|revalidation) request) for: {_URL}"
        ),
        # DEBUG Adding transitive dependency for celery==5.3.6: kombu>=5.3.4, <6.0
        rf"DEBUG Adding (?:direct dependency|transitive dependency for \S{{1,200}}): {_REQUIREMENT}",
        # DEBUG Registry requirement already cached: kombu==5.3.5
        rf"DEBUG (?:Registry r|R)equirement already (?:cached|installed): {_REQUIREMENT}",
        rf"DEBUG Identified uncached distribution: {_REQUIREMENT}",
        # DEBUG Skipping file for pandas: "pandas-0.1.win32-py2.5.exe" (not a wheel or source distribution archive …)
        (
            r"DEBUG Skipping file for \S{1,200}: \"[^\"\n]{1,300}\" "
            r"\(not a wheel[^\n]{0,400}\)"
        ),
        # DEBUG Failed to reflink `/home/dev/.cache/uv/…` to `/srv/shop/.venv/…`: Operation not supported, falling back
        (
            r"DEBUG Failed to (?:reflink|hardlink) `[^`\n]{1,500}` to `[^`\n]{1,500}`: "
            r"(?:Operation not supported|Invalid cross-device link)(?: \(os error [0-9]{1,4}\))?, falling back"
        ),
        # TRACE Extracted wheel files name=PackageName("jinja2")
        r"TRACE (?:Extract(?:ed|ing)|No|Writing) [a-z ]{1,40} name=PackageName\(\"[^\"\n]{1,200}\"\)",
    ),
}
# Those in which packages are fetched; in the others a program tells all that it does.
FETCHING = frozenset(kind for kind in INSTALL_LINES if not kind.startswith("what "))


def first_of_other_servers(lines: Sequence[str], rows: Sequence[int]) -> Iterator[int]:
    """Of the rows, which are of packages, the first one of each server but the one that is named first."""
    known: set[str] = set()
    for row in rows:
        server = _SERVER.search(lines[row]) if "://" in lines[row] else None
        if server and server[1] not in known:
            if known:
                yield row
            known.add(server[1])
