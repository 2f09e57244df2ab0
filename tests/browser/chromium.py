"""The browser of the tests: a Chromium on the PATH, else the one that Playwright installed."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = "No Chromium here. `make test` installs one; by hand: `apt-get install chromium` or `playwright install chromium`."


def executable(playwrights_own: str) -> str:
    """Where the browser is. Raises `FileNotFoundError` with what to do."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None) or playwrights_own
    if not Path(found).exists():
        raise FileNotFoundError(MISSING)
    return found


def arguments() -> list[str]:
    """What Chromium needs where the tests run as root, as in a container."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
