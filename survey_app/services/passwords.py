"""Passwords: how they are kept (argon2id), and which are too easy to guess.

Parameters are the OWASP minimum for argon2id (19 MiB, 2 passes, 1 lane), about 20 ms: sign-in shares a small
machine with residents. The rules follow NIST SP 800-63B section 5.1.1.2: length, a list of the commonest and
words about the person; no rules of composition.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 128
LEAST_LEFT = 6  # characters that must remain once everything easy to guess is taken out

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)

# The commonest passwords, and the words the commonest are made from (public breach lists, and what a survey
# office would reach for). Taken out of a password before what is left is counted.
COMMON_WORDS = """
password passw0rd p@ssword p@ssw0rd pass qwertyuiop qwerty qwert azerty asdfghjkl asdfgh zxcvbnm 1q2w3e4r
1qaz2wsx letmein welcome iloveyou loveyou trustno1 admin administrator root login signin secret changeme
default temporary guest user test testing hello master monkey dragon sunshine princess shadow superman
batman football baseball liverpool arsenal chelsea everton rangers manchester unitedfc england
london essex
charlie jessica michael jordan ashley daniel thomas george summer autumn winter spring january february
march april june july august september october november december monday tuesday wednesday thursday friday
saturday sunday chocolate cheese flower computer internet survey questionnaire council charity health
community abc123 letmein123 whatever starwars pokemon killer
"""
COMMONEST = frozenset(COMMON_WORDS.split())
RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")
RUN_LENGTH = 4


class PasswordProblem(StrEnum):
    """Why a password is refused. Pages put it into words."""

    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    TOO_EASY = "too-easy"


def hash_password(password: str) -> str:
    """What to keep instead of the password."""
    return HASHER.hash(_normal(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is the one kept. With None (no such account) it is as slow, and False."""
    try:
        matched = HASHER.verify(stored or decoy(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return matched and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether it was kept under other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


@cache
def decoy() -> str:
    """A hash nobody's password has, to spend the same time on an e-mail address without an account."""
    return HASHER.hash("no account has this password")


def problem(password: str, *, about: tuple[str, ...] = ()) -> PasswordProblem | None:
    """What is wrong with a new password, if anything.

    `about`: words an attacker would try first: the person's e-mail address and name, the site's name.
    """
    if len(password) < SHORTEST:
        return PasswordProblem.TOO_SHORT
    if len(password) > LONGEST:
        return PasswordProblem.TOO_LONG
    if len(_hard_part(password, about)) < LEAST_LEFT:
        return PasswordProblem.TOO_EASY
    return None


def _hard_part(password: str, about: tuple[str, ...]) -> str:
    """What is left when common words, words about the person, runs and repeated characters are taken out."""
    left = _normal(password).casefold()
    personal = {word for text in about for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= 4}
    for word in sorted(personal | COMMONEST, key=len, reverse=True):
        left = left.replace(word, " ")
    left = _without_runs(re.sub(r"[\W_]+", "", left))
    return "".join(dict.fromkeys(left))  # "aaaabbbb" is two characters to guess


def _without_runs(text: str) -> str:
    kept, start = [], 0
    while start < len(text):
        length = next(
            (n for n in range(len(text) - start, RUN_LENGTH - 1, -1) if _is_run(text[start : start + n])), 0
        )
        if not length:
            kept.append(text[start])
        start += length or 1
    return "".join(kept)


def _is_run(piece: str) -> bool:
    return any(piece in run or piece in run[::-1] for run in RUNS)


def _normal(password: str) -> str:
    """One form for characters that can be typed in several ways (NIST asks for NFKC or NFKD)."""
    return unicodedata.normalize("NFKC", password)
