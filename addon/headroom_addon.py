"""The script for `mitmdump -s`. `python -m headroom_addon` prints its path; with the name of a command it runs that.

mitmproxy puts the folder of this file on `sys.path`, so the packages beside it are found without an install.
"""

import os
import signal
import sys
from importlib import import_module
from pathlib import Path

from headroom_proxy.addon import HeadroomAddon
from headroom_proxy.commands import launcher

addons = [HeadroomAddon()]

# Imported when they are run: the proxy needs none of them.
COMMANDS = {"audit": "headroom_proxy.commands.audit", "recall": "headroom_proxy.commands.recall"}


def main(words: list[str]) -> int:
    """Run the command that the first word names; print the path of this script when there is none."""
    _end_with_the_reader()
    if sys.stdout is None:  # closed by who started it, as by `>&-`
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if not words:
        print(Path(__file__).resolve())
        return 0
    module = COMMANDS.get(words[0])
    if module is None:
        print(f"usage: python -m headroom_addon [{'|'.join(COMMANDS)}] ...", file=sys.stderr)
        return 2
    return int(import_module(module).main(words[1:]))


def launch() -> int:
    """The command `headroom-addon`: one of the commands if its first word names one, else mitmdump with the addon."""
    if sys.argv[1:2] and sys.argv[1] in COMMANDS:
        return main(sys.argv[1:])
    if launcher.only_prints(sys.argv[1:]):
        _end_with_the_reader()
    if launcher.asks_for_help(sys.argv[1:]):
        print(*launcher.help_lines(), sep="\n", flush=True)
    try:
        arguments = launcher.mitmdump_arguments(Path(__file__).resolve(), sys.argv[1:])
        launcher.check_folder_of_mitmproxy(sys.argv[1:])
    except ValueError as error:
        print(f"headroom-addon: {error}", file=sys.stderr)
        return 2
    return int(import_module("mitmproxy.tools.main").mitmdump(arguments) or 0)


def _end_with_the_reader() -> None:
    """End at once, and say nothing, when `| head` has seen enough. Not a proxy: it has sockets."""
    if sys.platform != "win32":
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
