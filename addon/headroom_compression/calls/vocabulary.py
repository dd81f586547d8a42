"""Families of programs by what they do with text, for all who read commands."""

from __future__ import annotations

# They show the first or last of the lines that they read.
HEADS = frozenset({"head", "tail"})
# They show some or all of the lines as they are, in whatever order.
LINE_FILTERS = HEADS | {"sort", "uniq"}
GREPS = frozenset({"grep", "egrep", "fgrep"})
SEARCHERS = GREPS | {"rg", "ag", "ack"}
# They print what stands in the command.
SPEAKERS = frozenset({"echo", "printf"})
# They install the packages of a package.json, and run its scripts.
NODE_PACKAGE_MANAGERS = frozenset({"bun", "npm", "pnpm", "yarn"})
# They run the program of a package that stands behind them, as most of those above do too: bunx eslint, yarn eslint.
PACKAGE_PROGRAM_RUNNERS = NODE_PACKAGE_MANAGERS | {"bunx", "npx", "uvx"}
# What they print stands in a file, in the history of one, or in the command itself.
TEXT_PRINTERS = (
    LINE_FILTERS
    | SEARCHERS
    | SPEAKERS
    | frozenset({
        "awk", "base64", "bat", "batcat", "cat", "cut", "diff", "gawk", "git", "hexdump", "jq", "less", "more",
        "nl", "od", "sed", "strings", "tac", "tee", "xxd", "yq", "zcat", "zgrep", "zless",
    })
)  # fmt: skip
# They show what stands in files, or in what these hold packed; elsewhere their names mean other things: npm run fmt
OTHER_SHOWERS = frozenset({
    "bzcat", "column", "comm", "dd", "expand", "fmt", "fold", "iconv", "join", "paste", "pr", "pv", "rev", "xzcat",
    "zstdcat",
    "Get-Content", "gc", "type",  # of PowerShell
})  # fmt: skip
# They print what a server answers.
WEB_CLIENTS = frozenset({"curl", "http", "https", "wget", "xh"})
SHELLS = frozenset({"bash", "dash", "ksh", "powershell", "powershell.exe", "pwsh", "sh", "zsh"})
# They run the program, or the script, that stands behind their own options.
LAUNCHERS = SHELLS | {
    "asdf", "bun", "bundle", "bunx", "c8", "caffeinate", "chrt", "command", "conda", "corepack", "coverage",
    "cross-env", "deno", "devbox", "direnv", "doas", "docker", "docker-compose", "doppler", "dotenv", "dotenvx", "env",
    "env-cmd", "eval", "exec", "flock", "flox", "gtimeout", "hatch", "ionice", "kubectl", "ltrace", "mamba",
    "micromamba", "mise", "nerdctl", "nice", "nix", "nix-shell", "node", "nohup", "npm", "npx", "numactl", "nyc", "oc",
    "pdm", "perf", "perl", "php", "pipenv", "pipx", "pixi", "pnpm", "podman", "podman-compose", "poetry", "pypy",
    "python", "ruby", "runuser", "rye", "script", "setsid", "ssh", "stdbuf", "strace", "su", "sudo", "systemd-run",
    "taskset", "time", "timeout", "ts-node", "tsx", "unbuffer", "uv", "uvx", "vagrant", "valgrind", "volta", "watch",
    "xcrun", "xvfb-run", "yarn",
}  # fmt: skip
