"""Serial numbers of paper forms: one spelling for each, and the one that comes next."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 32
BETWEEN = re.compile(r"[\s\-‐-―./_]+")
NUMBERED = re.compile(r"^(.*?)(\d+)$")


def normalised(typed: str) -> str | None:
    """A serial in capitals without spaces or hyphens ("a-0012" -> "A0012"); None when it cannot be one."""
    folded = unicodedata.normalize("NFKC", typed)
    digits = "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in folded
    )  # Urdu and Arabic keyboards type digits of their own
    serial = BETWEEN.sub("", digits).upper()
    fits = 0 < len(serial) <= LONGEST and serial.isascii() and serial.isalnum()
    return serial if fits else None


def following(serial: str) -> str | None:
    """The next number at the same width ("A0099" -> "A0100"); None when the serial ends in no number."""
    found = NUMBERED.match(serial)
    if found is None:
        return None
    prefix, digits = found.groups()
    after = f"{prefix}{int(digits) + 1:0{len(digits)}d}"
    return after if len(after) <= LONGEST else None
