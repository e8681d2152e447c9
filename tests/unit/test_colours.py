"""Contrast of the stylesheet's own colours (WCAG 2.2, relative luminance), in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from survey_app.config import Config
from survey_app.presenters.reading import SETTINGS

STYLE = (Path(__file__).resolve().parents[2] / "survey_app" / "static" / "app.css").read_text(
    encoding="utf-8"
)
ROOTS = re.findall(r":root \{(.*?)\}", STYLE, re.S)


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6})", block))


LIGHT = colours(ROOTS[0])
DARK = LIGHT | colours(ROOTS[1])
ACCENT = Config.__dataclass_fields__["accent"].default


READING = (Path(__file__).resolve().parents[2] / "survey_app" / "static" / "reading.css").read_text(
    encoding="utf-8"
)
CHOSEN = {
    name: LIGHT | colours(block)
    for name, block in re.findall(r"^\.colours-([a-z-]+), [^{]*\{(.*?)\}", READING, re.S | re.M)
}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "error", "good"])
@pytest.mark.parametrize("paper", ["paper", "wash"])
def test_words_can_be_read(theme: dict[str, str], ink: str, paper: str) -> None:
    assert contrast(theme[ink], theme[paper]) >= 4.5


@pytest.mark.parametrize("theme", CHOSEN.values(), ids=CHOSEN)
@pytest.mark.parametrize("ink", ["ink", "quiet", "error", "good", "link"])
def test_words_can_be_read_in_the_colours_a_reader_chose(theme: dict[str, str], ink: str) -> None:
    for paper in ("paper", "wash"):
        assert contrast(theme[ink], theme[paper]) >= 7
    assert contrast(theme["line"], theme["paper"]) >= 3
    assert contrast(theme["on-accent"], theme.get("accent", ACCENT)) >= 4.5


def test_every_choice_of_colours_is_looked_at() -> None:
    assert set(CHOSEN) == set(SETTINGS["colours"]) - {"standard"}


def test_words_on_the_accent_can_be_read() -> None:
    assert contrast(LIGHT["on-accent"], ACCENT) >= 4.5
    assert contrast(DARK["link"], DARK["paper"]) >= 4.5


@pytest.mark.parametrize(
    ("band", "label"), [(0, "#fff"), (1, "#16202a"), (2, "#16202a"), (3, "#16202a"), (4, "#fff")]
)
def test_names_on_the_tiles_of_the_map_can_be_read(band: int, label: str) -> None:
    assert contrast(LIGHT[f"band-{band}"], label) >= 4.5
    assert f"fill: {label}" in STYLE


def test_words_on_the_routing_map_are_ink_on_paper_or_wash() -> None:
    """Which `test_words_can_be_read` holds, in every theme: a checker cannot see what lies behind them."""
    author = (Path(__file__).resolve().parents[2] / "survey_app" / "static" / "author.css").read_text(
        encoding="utf-8"
    )
    rules = re.findall(r"(\.routing[^{}]*)\{([^{}]*)\}", author)
    fills = [(name, fill) for name, block in rules for fill in re.findall(r"[; ]fill: ([^;]+);", block)]
    words = {fill for name, fill in fills if re.search(r"text|\.nr|\.mono", name)}
    grounds = {fill for name, fill in fills if "rect" in name}
    assert words == {"var(--ink)", "var(--quiet)"}
    assert grounds == {"var(--paper)", "var(--wash)"}
