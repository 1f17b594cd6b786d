"""Whether a folder could take a file, without making one."""

from __future__ import annotations

import os
from pathlib import Path


def writable(folder: Path) -> bool:
    """Whether a file could be made in the folder, the folder itself made first if it is missing."""
    place = standing(folder)
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)


def standing(folder: Path) -> Path:
    """The nearest folder at or above it that is there."""
    return next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
