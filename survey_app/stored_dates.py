"""A day, month or year as answers store it, in words of the page's language."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date


def in_words(stored: str | int) -> str:
    """ "2026-03-27" as "27 March 2026", "2026-03" as "March 2026"; a year is itself."""
    year, *rest = (int(part) for part in str(stored).split("-"))
    if not rest:
        return str(stored)
    month, day = rest[0], rest[1] if len(rest) > 1 else 1
    return format_date(date(year, month, day), "d MMMM y" if len(rest) > 1 else "LLLL y")
