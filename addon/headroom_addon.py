"""The script for `mitmdump -s`; `python -m headroom_addon` prints its path.

mitmproxy puts the folder of this file on `sys.path`, so the two packages beside it are found without an install.
"""

from pathlib import Path

from headroom_proxy.addon import HeadroomAddon

addons = [HeadroomAddon()]

if __name__ == "__main__":
    print(Path(__file__).resolve())
