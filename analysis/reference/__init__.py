"""Small factual tables shipped with the platform: places, population margins and national figures.

Each `<name>.csv` has a `<name>.meta.yaml` beside it saying where it came from, on what terms, and how it
was made. `rebuild.py` makes the tables again from the published files.
"""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent


def path(name: str) -> Path:
    """The file of a reference table, by file name ("areas.csv"). Raises FileNotFoundError."""
    found = _FOLDER / name
    if Path(name).name != name or not found.is_file():
        available = ", ".join(sorted(p.name for p in _FOLDER.glob("*.csv")))
        raise FileNotFoundError(f"There is no reference table {name!r}. There are: {available}.")
    return found
