"""A file of `child,parent` pairs: which areas lie inside which."""

from __future__ import annotations

from pathlib import Path

from survey_app.services.imports.area_rows import Key, Links
from survey_app.services.imports.problems import Findings
from survey_app.services.imports.source import Row, read_table


def parents_from_file(path: Path, known: set[Key], findings: Findings) -> Links:
    """Links from a file with the columns `child`, `parent` and, where needed, their vintages.

    Every area must be among `known` (code, vintage): those in the import and those held. Without a vintage
    the latest is meant.
    """
    here = Findings(path.name)
    table = read_table(path, here)
    links: Links = set()
    if table.require(here, "child", "parent") and table.rows:
        latest = {code: vintage for code, vintage in sorted(known)}
        for row in table.rows:
            pair = [_resolve(row, column, known, latest, here) for column in ("child", "parent")]
            if pair[0] is not None and pair[1] is not None:
                links.add((pair[0], pair[1]))
        _report_loops(links, here)
    findings.found += here.found
    return links


def _resolve(
    row: Row, column: str, known: set[Key], latest: dict[str, str], findings: Findings
) -> Key | None:
    code = row[column]
    vintage = row.cells.get(f"{column}_vintage") or latest.get(code, "")
    if (code, vintage) in known:
        return code, vintage
    named = f"{code!r} of {vintage}" if vintage else repr(code)
    findings.add(row.number, column, f"There is no area {named}.", "Import it, or correct the code.")
    return None


def _report_loops(links: Links, findings: Findings) -> None:
    """An area cannot lie inside itself, directly or through others (Kahn's topological sort)."""
    remaining = set(links)
    while remaining:
        inner = {child for child, _ in remaining}
        kept = {(child, parent) for child, parent in remaining if parent in inner}
        if kept == remaining:
            codes = ", ".join(sorted({child[0] for child, _ in remaining})[:10])
            findings.add(
                0, "parent", f"These areas lie inside one another: {codes}.", "Remove the wrong pairs."
            )
            return
        remaining = kept
