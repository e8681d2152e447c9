"""How someone likes to read: the size of text, colours and line spacing, on every page.

Kept in a cookie that says only that, and drawn as classes of <html>: no page flashes in other colours first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from flask_babel import lazy_gettext as _l

from questionnaires.variants import Variant

COOKIE = "reading"

SETTINGS: Mapping[str, Mapping[str, str]] = {
    "size": {"normal": "", "large": "text-large", "largest": "text-largest"},
    "colours": {
        "standard": "",
        "black-on-white": "colours-black-on-white",
        "yellow-on-black": "colours-yellow-on-black",
        "cream": "colours-cream",
    },
    "spacing": {"normal": "", "wide": "lines-wide"},
}
"""Each setting, its choices (the first is how pages come), and the class of each choice."""

LEGENDS = {"size": _l("Size of the text"), "colours": _l("Colours"), "spacing": _l("Space between lines")}
LABELS = {
    ("size", "normal"): _l("Normal"),
    ("size", "large"): _l("Large"),
    ("size", "largest"): _l("Largest"),
    ("colours", "standard"): _l("Standard"),
    ("colours", "black-on-white"): _l("Black on white"),
    ("colours", "yellow-on-black"): _l("Yellow on black"),
    ("colours", "cream"): _l("Dark on cream"),
    ("spacing", "normal"): _l("Normal"),
    ("spacing", "wide"): _l("More space"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What someone chose, setting by setting, and the classes that draw it."""

    choices: Mapping[str, str]
    classes: tuple[str, ...]

    @property
    def cookie(self) -> str:
        """As the cookie holds it."""
        return ".".join(self.choices.values())


def reading(chosen: Mapping[str, str]) -> Reading:
    """The settings with these choices; whatever is none of ours counts as the first choice."""
    choices = {
        name: given if (given := chosen.get(name, "")) in known else next(iter(known))
        for name, known in SETTINGS.items()
    }
    return Reading(choices, tuple(filter(None, (SETTINGS[name][choice] for name, choice in choices.items()))))


AS_IT_COMES = reading({})
_KNOWN = {
    found.cookie: found
    for choices in product(*SETTINGS.values())
    for found in (reading(dict(zip(SETTINGS, choices, strict=True))),)
}


def from_cookie(value: str) -> Reading:
    """The settings a cookie holds. Anyone can write a cookie: an unknown one is pages as they come."""
    return _KNOWN.get(value, AS_IT_COMES)


def page_classes(cookie: str, variant: Variant | None) -> str:
    """The classes of <html>: how its reader likes to read, and the variant's own look."""
    classes = from_cookie(cookie).classes
    return " ".join((*classes, "easy") if variant is not None and variant.easy else classes)
