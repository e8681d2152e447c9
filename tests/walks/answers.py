"""What a person might type or tick for an item, what it comes to when stored, and its codes in a table.

Written apart from the kinds that read the same answers in the product, so that the two can be held together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from questionnaires import clock
from questionnaires.model import Item

Raw = dict[str, list[str]]
"""What is in each control, by its name. A control that is left blank is not there."""

DECLINED = "prefer-not-to-say"
INSIDE, UNKNOWN = "NF1 1AA", "ZZ9 9ZZ"  # postcodes of a place in the survey's area, and of none that is held
SAID = ("Buses & <benches>", "It’s “fine”", 'a "b" {c}', "برنامج", "100% – of 'it'", "=1+1")
MISSING: Mapping[str, int] = {"not-asked": -1, "not-answered": -2, "prefer-not-to-say": -3}
MANY = frozenset({"multiple_choice", "ranking"})
BUTTONS = frozenset({"single_choice", "likert", "yes_no", "grid", "scale"})  # once pressed, one stays pressed
WORDS = frozenset({"short_text", "long_text", "email", "phone", "postcode"})


def missing(reason: str) -> dict[str, str]:
    return {"missing": reason}


def controls(item: Item) -> set[str]:
    """Names of the controls a person sees for an item."""
    decline = {item.code} if item.prefer_not_to_say else set()
    if item.kind in ("information", "computed"):
        return set()
    if item.kind == "ranking":
        return {f"{item.code}-{option.code}" for option in item.options} | decline
    if item.kind in PARTS:
        return {f"{item.code}-{part}" for part in PARTS[item.kind]} | decline
    other = {f"{item.code}-other"} if any(option.say_what for option in item.options) else set()
    return {item.code} | other


PARTS = {"date": ("day", "month", "year"), "month": ("month", "year")}


def valid(item: Item, rng: Random) -> Raw:
    """An answer that can be taken, now and then none, or that one would rather not say."""
    if not controls(item):
        return {}
    chance = rng.random()
    if item.required:
        return {item.code: ["1"]}
    if chance < 0.08:
        return {}
    if item.prefer_not_to_say and chance < 0.14:
        return {item.code: [DECLINED]}
    return GIVEN.get(item.kind, _one)(item, rng)


def _one(item: Item, rng: Random) -> Raw:
    return _with_other(item, [str(rng.choice(item.options).code)], rng)


def _many(item: Item, rng: Random) -> Raw:
    alone = [str(option.code) for option in item.options if option.exclusive]
    if alone and rng.random() < 0.2:
        return {item.code: alone[:1]}
    among = [str(option.code) for option in item.options if not option.exclusive]
    picked = set(rng.sample(among, rng.randint(1, len(among))))
    return _with_other(item, [code for code in among if code in picked], rng)


def _with_other(item: Item, picked: list[str], rng: Random) -> Raw:
    raw = {item.code: picked}
    if any(option.say_what and str(option.code) in picked for option in item.options) and rng.random() < 0.8:
        raw[f"{item.code}-other"] = [rng.choice(SAID)]
    return raw


def _number(item: Item, rng: Random) -> Raw:
    low, high = item.minimum or 0, item.maximum or 9
    if item.kind == "decimal":
        return {item.code: [f"{rng.randint(low * 10, high * 10) / 10:.{item.decimals}f}"]}
    return {item.code: [str(rng.randint(low, min(high, low + 12) if rng.random() < 0.8 else high))]}


def _day(item: Item, rng: Random) -> Raw:
    first = date.fromisoformat((item.earliest + "-01-01")[:10]) if item.earliest else date(1950, 1, 1)
    found = first + timedelta(rng.randint(0, (clock.today() - first).days))
    parts = {"day": found.day, "month": found.month, "year": found.year}
    if item.kind == "year":
        return {item.code: [str(found.year)]}
    return {f"{item.code}-{part}": [str(parts[part])] for part in PARTS[item.kind]}


def _order(item: Item, rng: Random) -> Raw:
    most = item.maximum or len(item.options)
    best = rng.sample(item.options, rng.randint(1, most))
    return {f"{item.code}-{option.code}": [str(rank)] for rank, option in enumerate(best, 1)}


GIVEN: Mapping[str, Callable[[Item, Random], Raw]] = {
    "multiple_choice": _many,
    "scale": lambda item, rng: {item.code: [str(rng.randint(item.scale.low, item.scale.high))]},
    "integer": _number,
    "decimal": _number,
    "date": _day,
    "month": _day,
    "year": _day,
    "ranking": _order,
    "short_text": lambda item, rng: {item.code: [rng.choice(SAID)]},
    "long_text": lambda item, rng: {item.code: [rng.choice([*SAID, "One line\nand another"])]},
    "postcode": lambda item, rng: {item.code: [rng.choice([INSIDE, INSIDE, UNKNOWN])]},
    "email": lambda item, rng: {item.code: [f"Jo.{rng.randint(1, 999)}@example.org"]},
    "phone": lambda item, rng: {item.code: [f"01632960{rng.randint(0, 999):03}"]},
}


def invalid(item: Item, rng: Random) -> Raw | None:
    """An answer that cannot be taken; None where everything that can be given can be taken."""
    if item.kind == "consent" and item.required:
        return {}
    if item.kind in SLIPS:
        return SLIPS[item.kind](item, rng)
    if item.kind in ("short_text", "long_text") and item.maximum:
        return {item.code: ["x" * (item.maximum + 1)]}
    other = [option for option in item.options if option.say_what]
    if other:
        return {item.code: [str(other[0].code)], f"{item.code}-other": ["y" * 201]}
    return None


def _two_alone(item: Item, rng: Random) -> Raw | None:
    alone = [option for option in item.options if option.exclusive]
    return {item.code: [str(item.options[0].code), str(alone[0].code)]} if alone else None


def _no_day(item: Item, rng: Random) -> Raw:
    typed = rng.choice([("31", "2", "2020"), ("1", "", "2020"), ("x", "3", "2020"), ("1", "1", "2190")])
    parts = dict(zip(("day", "month", "year"), typed, strict=True))
    if item.kind == "month":
        parts = rng.choice([{"month": "3", "year": ""}, {"month": "13", "year": "2020"}])
    return {f"{item.code}-{part}": [text] for part, text in parts.items() if text}


SLIPS: Mapping[str, Callable[[Item, Random], Raw | None]] = {
    "multiple_choice": _two_alone,
    "integer": lambda item, rng: {item.code: [rng.choice(["many", "-1", "99999", "2.5"])]},
    "decimal": lambda item, rng: {item.code: [rng.choice(["lots", "7.123", "9999"])]},
    "date": _no_day,
    "month": _no_day,
    "year": lambda item, rng: {item.code: [rng.choice(["17", "then", "2190"])]},
    "ranking": lambda item, rng: {f"{item.code}-{option.code}": ["1"] for option in item.options[:2]},
    "email": lambda item, rng: {item.code: ["jo at example"]},
    "phone": lambda item, rng: {item.code: ["12"]},
    "postcode": lambda item, rng: {item.code: ["NF1"]},
}


def stored(item: Item, raw: Raw) -> Any:
    """What an answer that can be taken comes to in the database."""
    if raw.get(item.code) == [DECLINED]:
        return missing(DECLINED)
    names = controls(item) - {f"{item.code}-other"}
    given = {name: raw[name] for name in names if raw.get(name)}
    if not given:
        return missing("not-answered")
    if item.kind == "ranking":
        ranks = sorted((int(rank), int(name.rsplit("-", 1)[1])) for name, (rank,) in given.items())
        return [code for _rank, code in ranks]
    if item.kind in PARTS:
        parts = [int(given[f"{item.code}-{part}"][0]) for part in reversed(PARTS[item.kind])]
        return "-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])])
    return _of_one_control(item, given[item.code])


def _of_one_control(item: Item, values: list[str]) -> Any:
    if item.kind == "multiple_choice":
        return sorted(int(value) for value in values)
    if item.kind in WORDS:
        return values[0]
    return int(values[0].replace(".", ""))  # a decimal is typed with all of its digits


def row(item: Item, value: Any) -> dict[str, int]:
    """The columns of an answer in an export and a snapshot."""
    if item.kind in WORDS or item.kind == "information":
        return {}
    names = [f"{item.code}__{option.code}" for option in item.options]
    if isinstance(value, dict):
        return dict.fromkeys(names if item.kind in MANY else [item.code], MISSING[value["missing"]])
    if item.kind == "multiple_choice":
        return {f"{item.code}__{o.code}": int(o.code in value) for o in item.options}
    if item.kind == "ranking":
        return {
            f"{item.code}__{o.code}": (value.index(o.code) + 1 if o.code in value else 0)
            for o in item.options
        }
    if item.kind == "date":
        return {item.code: int(value[:4])}
    if item.kind == "month":
        return {item.code: 12 * int(value[:4]) + int(value[5:])}
    return {item.code: value}
