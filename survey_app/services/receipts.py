"""Receipt codes: what a resident writes down to come back, or to ask for their answers to be removed.

Only a keyed hash is stored: someone who copies the database cannot tell whose response is whose, and cannot
try codes against it without the installation's secret.
"""

from __future__ import annotations

import secrets

from survey_app.services.keyed_hash import keyed_hash

# Nothing that can be taken for another when read aloud, handwritten or typed; no vowels, so no words.
ALPHABET = "34679CDFGHJKMNPQRTVWXY"
LENGTH = 12  # 22 ** 12 is more than 2 ** 53
GROUP = 4


def new_code() -> str:
    """A fresh code such as "4KTY-93WM-HHQ7"."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def grouped(code: str) -> str:
    """The code in groups of four, as it is shown."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read(typed: str) -> str | None:
    """A typed code as it is shown, whatever the case, spaces and hyphens; None when it cannot be a code."""
    code = "".join(character for character in typed.upper() if character.isalnum())
    if len(code) != LENGTH or any(character not in ALPHABET for character in code):
        return None
    return grouped(code)


def fingerprint(code: str, secret: str) -> str:
    """What is stored instead of the code: HMAC-SHA256 under a key made from the installation's secret."""
    return keyed_hash("receipt code", code, secret)
