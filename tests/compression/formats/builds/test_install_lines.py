"""Package managers: what is a step that went well, and what tells of more."""

from __future__ import annotations

import pytest

from headroom_compression.formats.builds.install_lines import INSTALL_LINES
from tests.compression.support.line_kinds import kind_of_line

APT = "packages that apt fetched and set up"
PIP = "packages that pip found, fetched or had"
NPM = "requests and choices of npm"
YARN = "packages that yarn fetched"
YARN_ONE = "what yarn tells while all goes well"
UV = "what uv tells while all goes well"
SET_UP = "packages that were fetched and set up"
DOWNLOADS = "downloads"
SITE = "/opt/python/lib/python3.11/site-packages"


@pytest.mark.parametrize(
    ("what", "line"),
    [
        (APT, "Get:12 http://deb.debian.org/debian bookworm/main amd64 nginx amd64 1.22.1-9 [529 kB]"),
        (APT, "Hit:1 http://deb.debian.org/debian bookworm InRelease"),
        (APT, "(Reading database ... 137204 files and directories currently installed.)"),
        (APT, "Preparing to unpack .../05-clang-14_1%3a14.0.6-12_amd64.deb ..."),
        (APT, "Unpacking libglib2.0-0:amd64 (2.74.6-2+deb12u9) over (2.74.6-2+deb12u8) ..."),
        (APT, "Setting up liberror-perl (0.17029-2) ..."),
        (APT, "update-alternatives: using /usr/bin/groovy2 to provide /usr/bin/groovy (groovy) in auto mode"),
        (PIP, "Collecting pydantic!=1.8,!=1.8.1,<3.0.0,>=1.7.4 (from fastapi==0.110.0->-r requirements.txt (line 1))"),
        (PIP, "Downloading flask-3.1.3-py3-none-any.whl.metadata (3.2 kB)"),
        (PIP, "Using cached shop_errors-1.0.tar.gz (1.2 MB)"),
        (PIP, "Using cached pycparser-2.22-py3-none-any.whl.metadata (943 bytes)"),
        (PIP, "Downloading https://download.example.org/whl/cpu/mpmath-1.3.0-py3-none-any.whl (536 kB)"),
        (PIP, "━━━━━━━━━━━━━━━━━━ 943/943 bytes 2.1 MB/s eta 0:00:00"),
        (PIP, "Checking if build backend supports build_editable: finished with status 'done'"),
        (PIP, f"Created wheel for shop: filename=shop-1.0-py3-none-any.whl size=1024 sha256={'9c' * 32}"),
        (PIP, "Stored in directory: /root/.cache/pip/wheels/1f/bf/4d"),
        (PIP, "━━━━━━━━━━━━━━━━━━ 92.1/92.1 kB 293.3 MB/s eta 0:00:00"),
        (PIP, f"Requirement already satisfied: six>=1.5 in {SITE} (from python-dateutil) (1.17.0)"),
        (PIP, "Building wheel for shop-fast (pyproject.toml): finished with status 'done'"),
        (NPM, "npm http fetch GET 200 https://registry.npmjs.org/http-errors 55ms (cache miss)"),
        (NPM, "npm http cache ms@https://registry.npmjs.org/ms/-/ms-2.1.2.tgz 0ms (cache hit)"),
        (NPM, "npm silly placeDep ROOT express@4.17.1 OK for: shop@1.0.0 want: 4.17.1"),
        (NPM, "npm silly fetch manifest js-tokens@^3.0.0 || ^4.0.0"),
        (YARN, "➤ YN0013: │ ms@npm:2.1.2 can't be found in the cache and will be fetched from the remote registry"),
        (YARN_ONE, 'verbose 0.97 Performing "GET" request to "https://registry.yarnpkg.com/ms".'),
        (YARN_ONE, 'verbose 0.98 Request "https://registry.yarnpkg.com/ms" finished with status code 200.'),
        (YARN_ONE, 'verbose 9.61 Copying "/home/dev/.cache/yarn/v6/a.js" to "/srv/node_modules/a.js".'),
        (UV, "DEBUG Sending revalidation request for: https://pypi.org/simple/errors/"),
        (UV, "DEBUG Found not-modified response for: https://pypi.org/simple/six/"),
        (UV, "DEBUG Identified uncached distribution: boto3==1.44.8"),
        (UV, 'DEBUG Skipping file for pandas: "pandas-0.1.win32-py2.5.exe" (not a wheel)'),
        (UV, "DEBUG Failed to reflink `/a/x` to `/b/x`: Operation not supported (os error 95), falling back"),
        (UV, 'TRACE Extracted wheel files name=PackageName("jinja2")'),
        (DOWNLOADS, "[INFO] Downloading from central: https://repo.example.com/a/b/1.0/b-1.0.pom"),
        (DOWNLOADS, "Downloaded from central: https://repo.example.com/a/b/1.0/b-1.0.jar (5.8 kB at 52 kB/s)"),
        (DOWNLOADS, "Progress (2): 28/324 kB | 4.1/281 kB"),
        (DOWNLOADS, "Download https://repo.example.com/a/b/1.0/b-1.0.pom"),
        (SET_UP, "Installing nokogiri 1.16.0 (x86_64-linux)"),
        (SET_UP, "Using bigdecimal 3.1.8 (java)"),
        (SET_UP, "Fetching rake 13.0.6"),
        (DOWNLOADS, "Downloaded anyerror v1.0.203"),
        (DOWNLOADS, "go: downloading github.com/pkg/errors v0.9.1"),
    ],
)
def test_a_step_that_went_well_is_known(what: str, line: str) -> None:
    assert kind_of_line(line, INSTALL_LINES) == what


@pytest.mark.parametrize(
    "line",
    [
        "Err:3 http://deb.debian.org/debian bookworm/main amd64 nginx amd64 1.22.1-9",
        "Ign:3 http://deb.debian.org/debian bookworm InRelease",
        "E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?",
        "dpkg: error processing package shop-agent (--configure):",
        "Setting up shop-agent (1.4.2) ... cannot connect",
        "update-alternatives: warning: skip creation of /usr/share/man/man1/awk.1.gz",
        "Removing libshop (1.0) ...",
        "Created symlink /etc/systemd/system/multi-user.target.wants/nginx.service.",
        "Requirement already satisfied: celery in /opt/site-packages (5.3.6)",
        "Requirement already satisfied: pandas==2.2.3 in /opt/packages (from -r requirements.txt (line 7)) (2.2.3)",
        "Building wheel for shop-fast (pyproject.toml): finished with status 'error'",
        "Successfully installed flask-3.1.3",
        "Attempting uninstall: flask",
        "WARNING: flask 3.1.3 does not provide the extra 'nosuch'",
        "npm http fetch GET 404 https://registry.npmjs.org/nosuch 142ms (cache skip)",
        "npm http fetch GET 200 https://registry.npmjs.org/a 142ms attempt 3 (cache miss)",
        "npm warn deprecated uuid@3.4.0: Please upgrade",
        "npm silly audit bulk request failed",
        "npm silly placeDep ROOT react@18.2.0 CONFLICT for: shop@1.0.0 want: 17.0.2",
        "➤ YN0002: │ shop@workspace:. doesn't provide react (p1a2b3), requested by react-dom",
        "[WARNING] The POM for com.example:rules:jar:2.1.0 is missing, no dependency information available",
        "[WARNING] Downloading from central: https://repo.example.com/a/b/1.0/b-1.0.pom",
        "Adding shop-cache v0.5.1 (available: v1.0.0)",
        "go: downloading github.com/pkg/errors v0.9.1: checksum mismatch",
        'verbose 0.98 Request "https://registry.yarnpkg.com/ms" finished with status code 404.',
        "verbose 0.98 Error: self-signed certificate in certificate chain",
        "Installing shop 1.2.3 (failed)",
        "Fetching orders 3.5s",
        "Using Node 18.2 (18.1 was not found)",
        "DEBUG No compatible version found for: flask",
        "DEBUG Found not-found response for: https://pypi.org/simple/nosuch/",
        "DEBUG Failed to reflink `/a/x` to `/b/x`: No space left on device (os error 28)",
    ],
)
def test_what_tells_of_more_is_not(line: str) -> None:
    assert kind_of_line(line, INSTALL_LINES) is None
