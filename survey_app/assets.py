"""Static files under names that change with their content, so that browsers may keep them for a year."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import current_app, request

STATIC = Path(__file__).parent / "static"


@cache
def fingerprint(name: str) -> str:
    """The first characters of the file's SHA-256. Raises FileNotFoundError."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file, with its fingerprint. (`url_for` does more, on every page.)"""
    return f"{request.script_root}{current_app.static_url_path}/{name}?v={fingerprint(name)}"
