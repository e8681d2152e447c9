from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from questionnaires.xlsform import importing
from questionnaires.xlsform.importing import Imported


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., Imported]:
    """Import a form written as a table: survey rows, then choices and settings."""

    def read(survey: str, choices: str = "", settings: str = "") -> Imported:
        sheets = [("survey", survey), ("choices", choices), ("settings", settings)]
        lines = []
        for name, rows in sheets:
            if rows:
                lines.append(f"| {name} |")
                lines += [f"| | {row.strip()} |" for row in rows.strip().splitlines()]
        path = tmp_path / "my_form.md"
        path.write_text("\n".join(lines), encoding="utf-8")
        return importing.read(path)

    return read
