"""Where the app keeps what lasts for the user who runs it. It does not know what is kept there."""

import os
import sys
from pathlib import Path


def data_folder() -> Path:
    """Return the folder for this user's data, where the system wants it; it need not exist."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "cnnlab"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "cnnlab"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "cnnlab"
