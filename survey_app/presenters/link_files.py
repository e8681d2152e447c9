"""One-time links as files to hand over: a table for a mail merge. Each is written once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

COLUMNS = ("number", "code", "address", "works_until")


def addresses(base_url: str, tokens: Iterable[str]) -> list[tuple[str, str]]:
    """Code and address of each link."""
    return [(token, f"{base_url.rstrip('/')}/i/{token}") for token in tokens]


def table(links: Sequence[tuple[str, str]], works_until: str) -> str:
    """CSV with a row for each link, in UTF-8 that a spreadsheet opens."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(
        (number, code, address, works_until) for number, (code, address) in enumerate(links, start=1)
    )
    return text.getvalue()
