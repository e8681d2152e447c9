"""Several things in one sentence: "1, 2 and 3"."""

from __future__ import annotations

from flask_babel import gettext as _


def any_of(parts: list[str]) -> str:
    *others, last = parts or [""]
    return _("%(first)s or %(last)s", first=", ".join(others), last=last) if others else last


def all_of(parts: list[str]) -> str:
    *others, last = parts or [""]
    return _("%(first)s and %(last)s", first=", ".join(others), last=last) if others else last
