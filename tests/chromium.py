"""Finds a Chromium for the browser tests, or installs the system's own. `python tests/chromium.py` prints its path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = (
    "没有找到 Chromium，也没能用 apt-get 安装。请先安装（例如 apt-get install chromium），"
    "或把它的路径写进环境变量 TEST_CHROMIUM。"
)


class NoChromium(Exception):
    """There is none and none could be installed."""


def chromium() -> str:
    """The path of a Chromium, installed now if need be. Raises: NoChromium."""
    path = found() or (found() if installed() else None)
    if path is None:
        raise NoChromium(MISSING)
    return path


def found() -> str | None:
    """A Chromium that is there: TEST_CHROMIUM, else the first on the path."""
    named = os.environ.get("TEST_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, NAMES) if path), None)


def installed() -> bool:
    """Try the system's package manager; True when it says it worked."""
    apt = shutil.which("apt-get")
    if apt is None or (hasattr(os, "geteuid") and os.geteuid() != 0):
        return False
    commands = ([apt, "update", "-qq"], [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"])
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = [subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode for command in commands]
    return done[-1] == 0


if __name__ == "__main__":
    try:
        print(chromium())
    except NoChromium as error:
        print(error, file=sys.stderr)
        sys.exit(1)
