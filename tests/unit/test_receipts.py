"""Receipt codes: hard to guess, easy to read out, and stored only as a keyed hash."""

from __future__ import annotations

import math
import re

import pytest

from survey_app.services import receipts


def test_a_code_is_three_groups_of_four_with_fifty_bits() -> None:
    codes = {receipts.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", code) for code in codes)
    assert receipts.LENGTH * math.log2(len(set(receipts.ALPHABET))) >= 50
    assert len(set(receipts.ALPHABET)) == len(receipts.ALPHABET)


def test_no_two_signs_of_the_alphabet_look_or_sound_alike() -> None:
    for pair in ("O0", "I1", "L1", "Z2", "S5", "B8", "UV"):
        assert not set(pair) <= set(receipts.ALPHABET)


@pytest.mark.parametrize("typed", ["4KTY-93WM-HHQ7", " 4kty 93wm hhq7 ", "4kty93wmhhq7", "4KTY—93WM—HHQ7"])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert receipts.read(typed) == "4KTY-93WM-HHQ7"


@pytest.mark.parametrize(
    "typed", ["", "4KTY", "4KTY-93WM-HHQ7-3", "4KTY-93WM-HHQO", "４KTY-93WM-HHQ7", "\x00" * 12]
)
def test_what_cannot_be_a_code_is_not_one(typed: str) -> None:
    assert receipts.read(typed) is None


def test_the_fingerprint_needs_the_secret() -> None:
    code = "4KTY-93WM-HHQ7"
    assert receipts.fingerprint(code, "a") == receipts.fingerprint(code, "a")
    assert receipts.fingerprint(code, "a") != receipts.fingerprint(code, "b")
    assert re.fullmatch(r"[0-9a-f]{64}", receipts.fingerprint(code, "a"))
