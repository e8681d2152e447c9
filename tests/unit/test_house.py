"""Rules of the house that a machine can hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = sorted(
    path for wing in ("questionnaires", "analysis", "survey_app") for path in (ROOT / wing).rglob("*.py")
)

STYLESHEETS = sorted((ROOT / "survey_app" / "static").glob("*.css"))


def test_the_walls_between_the_wings_stand() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_is_short_enough_to_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 420, f"{path.name} has {lines} lines: split it by noun"


def test_no_module_is_called_helpers() -> None:
    assert not [path for path in SOURCES if path.stem in {"helpers", "utils", "misc", "common"}]


@pytest.mark.parametrize("path", STYLESHEETS, ids=lambda path: path.name)
def test_a_stylesheet_is_small_and_runs_both_ways(path: Path) -> None:
    style = path.read_text(encoding="utf-8")
    assert len(style.encode()) < 20_000
    for physical in (
        "margin-left",
        "margin-right",
        "padding-left",
        "padding-right",
        "text-align: left",
        "float: left",
    ):
        assert physical not in style, f"{physical} breaks right-to-left pages: use the logical property"


def test_web_workers_stay_small() -> None:
    """The web process must not carry what only publishing and imports need."""
    heavy = ("pandas", "numpy", "scipy", "pyarrow", "openpyxl", "typst")
    code = (
        "import sys; from survey_app.app import create_app; import survey_app.views;"
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
