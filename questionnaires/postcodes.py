"""UK postcodes: one spelling for each, or None for what cannot be one. Looking one up is not done here."""

from __future__ import annotations

import re
import unicodedata

# Shape of every postcode in use: British Standard BS 7666, as in the gov.uk bulk data transfer guide.
SHAPE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
SLIPS_TO_DIGIT = {"O": "0", "I": "1", "L": "1", "S": "5"}
SLIPS_TO_LETTER = {"0": "O", "1": "I", "5": "S"}


def normalised(text: str) -> str | None:
    """A postcode in capitals without its space ("cm1 1gt" -> "CM11GT"); None when it cannot be one.

    The last three characters are a digit and two letters, so O for 0 and the like are put right there.
    """
    folded = unicodedata.normalize("NFKC", text)
    bare = "".join(letter for letter in folded.upper() if letter.isascii() and letter.isalnum())
    if not 5 <= len(bare) <= 7 or len(bare) < sum(letter.isalnum() for letter in folded):
        return None
    digit = SLIPS_TO_DIGIT.get(bare[-3], bare[-3])
    letters = "".join(SLIPS_TO_LETTER.get(letter, letter) for letter in bare[-2:])
    whole = bare[:-3] + digit + letters
    return whole if SHAPE.fullmatch(whole) else None


def spaced(postcode: str) -> str:
    """A normalised postcode as people write it ("CM11GT" -> "CM1 1GT")."""
    return f"{postcode[:-3]} {postcode[-3:]}"
