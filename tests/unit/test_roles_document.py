"""docs/roles.md says what the access table does."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

from survey_app.access import ACCESS
from survey_app.services.roles import Role

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "roles.md"


def rows() -> dict[str, frozenset[str]]:
    """Roles ticked, by pattern of routes."""
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("|")]
    columns = [cell.strip() for cell in lines[0].strip("|").split("|")]
    table: dict[str, frozenset[str]] = {}
    for line in lines[2:]:
        cells = dict(zip(columns, (cell.strip() for cell in line.strip("|").split("|")), strict=False))
        if cells.get("routes", "").startswith("`") and len(cells) == len(columns):
            table[cells["routes"].strip("`")] = frozenset(role for role in Role if cells[role.value] == "yes")
    return table


def test_every_route_that_needs_a_role_is_in_the_table() -> None:
    table = rows()
    for endpoint, roles in ACCESS.items():
        if not roles:
            continue
        ticked = [allowed for pattern, allowed in table.items() if fnmatch(endpoint, pattern)]
        expected = ", ".join(sorted(roles))
        assert ticked == [roles], f"docs/roles.md needs one row for {endpoint}, with yes for {expected}"
