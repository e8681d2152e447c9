from __future__ import annotations

import pytest

from questionnaires import postcodes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CM1 1GT", "CM11GT"),
        ("ｃｍ１ １ｇｔ", "CM11GT"),
        ("ec1a 1bb", "EC1A1BB"),
        ("W1A 0AX", "W1A0AX"),
        ("M1 1AE", "M11AE"),
        ("B33 8TH", "B338TH"),
        ("CM1 lGT", "CM11GT"),
        ("SS9 OAA", "SS90AA"),
        ("", None),
        ("CM1", None),
        ("CM1 1G", None),
        ("CM11 11GT", None),
        ("1CM 1GT", None),
        ("CM1 1GTé", None),
        ("CM? 1GT", None),
    ],
)
def test_normalised(text, expected):
    assert postcodes.normalised(text) == expected


def test_spaced():
    assert postcodes.spaced("CM11GT") == "CM1 1GT"
    assert postcodes.spaced("EC1A1BB") == "EC1A 1BB"
