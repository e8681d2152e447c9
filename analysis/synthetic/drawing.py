"""Drawing everyone's answers to one item. A kind of item is an entry of `DRAWERS`."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from analysis.synthetic.comments import Comments
from analysis.synthetic.parameters import ItemParameters, Shares, beta_binomial
from analysis.synthetic.people import Bools, Floats, Ints, People, Skew, pick
from questionnaires.answers import Missing
from questionnaires.faults import AnswerFault, Fault, Policy
from questionnaires.kinds import KINDS
from questionnaires.kinds.dates import TODAY, DateKind
from questionnaires.model import Item

Drawn = npt.NDArray[Any]
"""One answer per person: int64 codes or numbers, or objects (tuples, texts; None where nothing was given)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What drawing an item needs. `rng` belongs to the item, so another item cannot disturb it."""

    people: People
    parameters: ItemParameters
    options: Skew
    comments: Comments
    rng: np.random.Generator


def item_rng(seed: int, code: str, part: int = 0) -> np.random.Generator:
    """The random numbers of one item under a seed."""
    return np.random.default_rng([seed, zlib.crc32(code.encode()), part])


def latent(item: Item, by: Drawing, part: int = 0) -> Floats:
    """A standard normal number per person, bent by who and where they are (see `ItemParameters`).

    Raises ValueError when the loads leave no room for the person's own noise.
    """
    p, people = by.parameters, by.people
    own = 1 - p.wellbeing**2 - p.age**2 - p.place**2 - p.ward**2
    if own <= 0:
        raise ValueError(
            f"{item.code}: the squares of wellbeing, age, place and ward must sum to less than 1"
        )
    effects = item_rng(by.options.place_seed, item.code, part).normal(0, p.ward, len(people.places))
    return np.asarray(
        p.wellbeing * people.wellbeing
        + p.age * people.age
        + p.place * people.disadvantage
        + effects[people.place]
        + np.sqrt(own) * by.rng.normal(size=len(people))
        + p.paper * (people.mode != "web")
        + by.options.shift.get(item.code, 0.0)
    )


def along(shares: Shares, height: Floats) -> Ints:
    """Codes at these heights of a standard normal, given the codes' shares from low to high."""
    codes = np.array(list(shares), dtype=np.int64)
    cumulative = np.cumsum(np.array(list(shares.values()), dtype=float))
    return codes[np.searchsorted(ndtri(cumulative[:-1] / cumulative[-1]), height)]


def by_level(
    shares: Shares, given: Mapping[str, Mapping[str, Shares]], people: People, height: Floats
) -> Ints:
    """As `along`, with shares of their own for some levels of a trait."""
    drawn = along(shares, height)
    for trait, levels in given.items():
        for level, own in levels.items():
            who = people.has(trait, level)
            drawn[who] = along(own, height[who])
    return drawn


def choice(item: Item, by: Drawing) -> Ints:
    """A single code: the person's own level for a weighting item, else along the shares."""
    if item.margin in by.people.traits:
        return _own_level(item, by)
    p = by.parameters
    substantive = [option.code for option in item.options if option.substantive]
    shares = p.shares or {code: float(len(substantive) - at) for at, code in enumerate(substantive)}
    given = [own for levels in p.given.values() for own in levels.values()]
    check_codes(item, [shares, p.beside, *given])
    drawn = by_level(shares, p.given, by.people, latent(item, by))
    beside = p.beside or {option.code: 4.0 for option in item.options if not option.substantive}
    if beside:
        weights = np.array([[*beside.values(), max(100 - sum(beside.values()), 0.0)]])
        aside = pick(np.repeat(weights, len(drawn), axis=0), by.rng)
        codes = np.array([*beside, 0], dtype=np.int64)
        drawn = np.where(aside < len(beside), codes[aside], drawn)
    for language, code in p.languages.items():
        drawn[by.people.language == language] = code
    return drawn


def _own_level(item: Item, by: Drawing) -> Ints:
    people, margin = by.people, str(item.margin)
    drawn = np.zeros(len(people), dtype=np.int64)
    for index, level in enumerate(people.levels[margin]):
        codes = [option.code for option in item.options if option.level == level]
        if not codes:
            raise ValueError(f"{item.code}: no option stands for {level!r} of the margin {margin!r}")
        who = people.traits[margin] == index
        own = by.parameters.given.get(margin, {}).get(level, by.parameters.shares)
        shares = {code: own.get(code, 0.0 if own else 1.0) for code in codes}
        if len(codes) == 1 or not any(shares.values()):
            shares = dict.fromkeys(codes, 1.0)
        trait = by_level(
            shares, _without(by.parameters.given, margin, codes), people, by.rng.normal(size=len(who))
        )
        drawn[who] = trait[who]
    return drawn


def _without(
    given: Mapping[str, Mapping[str, Shares]], margin: str, codes: list[int]
) -> dict[str, dict[str, Shares]]:
    """Shares by other traits than the item's own, kept to the codes of one level."""
    kept: dict[str, dict[str, Shares]] = {}
    for trait, levels in given.items():
        if trait != margin:
            own = {name: {c: w for c, w in shares.items() if c in codes} for name, shares in levels.items()}
            kept[trait] = {name: shares for name, shares in own.items() if any(shares.values())}
    return kept


def check_codes(item: Item, tables: list[Shares]) -> None:
    """Raises ValueError when parameters name a code the item does not have: the file has fallen behind."""
    known = {option.code for option in item.options}
    unknown = sorted({code for table in tables for code in table} - known)
    if unknown:
        raise ValueError(
            f"{item.code}: shares are given for codes {unknown}; its options are {sorted(known)}"
        )


def multiple(item: Item, by: Drawing) -> Drawn:
    """Each option is ticked or not, by its own share; an exclusive one by those who tick nothing else."""
    shares = by.parameters.shares
    check_codes(item, [shares])
    ordinary = [option.code for option in item.options if not option.exclusive]
    exclusive = [option.code for option in item.options if option.exclusive]
    ticked = np.zeros((len(by.people), len(ordinary)), dtype=bool)
    for at, code in enumerate(ordinary):
        share = shares.get(code, 0.0 if shares else 100 / (len(ordinary) + 1)) / 100
        ticked[:, at] = latent(item, by, part=at + 1) > ndtri(1 - share)
    drawn = np.empty(len(by.people), dtype=object)
    nothing = (exclusive[0],) if exclusive else None
    for person, row in enumerate(ticked.tolist()):
        drawn[person] = tuple(c for c, yes in zip(ordinary, row, strict=True) if yes) or nothing
    return drawn


def consent(item: Item, by: Drawing) -> Ints:
    """Required consent is always given: without it there is no response. Other consent by its shares."""
    if item.required or len(item.options) < 2:
        code = item.options[0].code if item.options else 1
        return np.full(len(by.people), code, dtype=np.int64)
    return choice(item, by)


def number(item: Item, by: Drawing) -> Ints:
    """A whole number within the item's bounds."""
    if item.scale is not None:
        low, high = item.scale.low, item.scale.high
    else:
        low = item.minimum if item.minimum is not None else 0
        high = item.maximum if item.maximum is not None else low + 20
    p = by.parameters
    shares = p.shares or _spread(low, high, p.mean, p.sd, item.code)
    return by_level(shares, p.given, by.people, latent(item, by))


def _spread(low: int, high: int, mean: float | None, sd: float | None, code: str) -> Shares:
    if mean is None or sd is None:
        if high - low < 6:
            return dict.fromkeys(range(low, high + 1), 1.0)
        mean, sd = low + 0.6 * (high - low), 0.25 * (high - low)
    try:
        chances = beta_binomial(low, high, mean, sd)
    except ValueError as fault:
        raise ValueError(f"{code}: {fault}") from fault
    return dict(zip(range(low, high + 1), chances.tolist(), strict=True))


def long_text(item: Item, by: Drawing) -> Drawn:
    """A comment from some, in their language; hostile from a few."""
    return _texts(item, by, writes=by.options.writes, hostile=by.options.hostile, write=by.comments.long)


def short_text(item: Item, by: Drawing) -> Drawn:
    """A few words from rather more."""
    return _texts(item, by, writes=min(by.options.writes * 1.5, 1.0), hostile=0.0, write=by.comments.short)


def ranking(item: Item, by: Drawing) -> Drawn:
    """As many options as may be ranked, in an order that favours the first written."""
    codes = np.array([option.code for option in item.options], dtype=np.int64)
    most = item.maximum or len(codes)
    lean = np.linspace(1.0, 0.0, len(codes))
    height = lean + by.rng.gumbel(size=(len(by.people), len(codes)))
    drawn = np.empty(len(by.people), dtype=object)
    for person, order in enumerate(np.argsort(-height, axis=1)[:, :most]):
        drawn[person] = tuple(int(code) for code in codes[order])
    return drawn


def decimal(item: Item, by: Drawing) -> Ints:
    """A number between the bounds, as stored: times ten to its decimals."""
    low, high = (item.minimum or 0) * 10**item.decimals, (item.maximum or 1) * 10**item.decimals
    drawn: Ints = np.rint(low + by.rng.beta(2, 2, len(by.people)) * (high - low)).astype(np.int64)
    return drawn


def day(item: Item, by: Drawing) -> Drawn:
    """A day, month or year between the bounds; in the last fifty years where there are none."""
    kind = cast(DateKind, KINDS[item.kind])
    last = kind.bound(item.latest or TODAY)
    first = kind.bound(item.earliest) if item.earliest else last - timedelta(days=18262)
    drawn = np.empty(len(by.people), dtype=object)
    for person, after in enumerate(by.rng.integers(0, (last - first).days + 1, len(by.people))):
        drawn[person] = kind.stored(first + timedelta(days=int(after)))
    return drawn


Writer = Callable[[str, bool, np.random.Generator], str]


def _texts(item: Item, by: Drawing, *, writes: float, hostile: float, write: Writer) -> Drawn:
    content = latent(item, by) > 0
    drawn = np.empty(len(by.people), dtype=object)
    at = by.rng.random(len(by.people))
    attackers = np.flatnonzero(at < writes * hostile)
    drawn[attackers] = by.comments.deal(len(attackers), by.rng)
    for person in np.flatnonzero((at >= writes * hostile) & (at < writes)):
        drawn[person] = write(str(by.people.language[person]), bool(content[person]), by.rng)
    for person in np.flatnonzero(at < writes):
        drawn[person] = _as_kept(item, drawn[person])
    return drawn


def _as_kept(item: Item, text: str) -> str | None:
    """The text as reading it leaves it: no longer than fits, tidied; None when nothing can be seen."""
    found = KINDS[item.kind].read(item, [text], Policy.SELF)
    while isinstance(found, Fault) and found.fault is AnswerFault.TOO_LONG:
        text = text[: min(int(found.params["maximum"]), len(text) - 1)]
        found = KINDS[item.kind].read(item, [text], Policy.SELF)
    return found if isinstance(found, str) and not isinstance(found, Missing) else None


DRAWERS: Mapping[str, Callable[[Item, Drawing], Drawn]] = {
    "consent": consent,
    "single_choice": choice,
    "likert": choice,
    "multiple_choice": multiple,
    "scale": number,
    "integer": number,
    "short_text": short_text,
    "long_text": long_text,
    "yes_no": choice,
    "grid": choice,
    "place": choice,
    "ranking": ranking,
    "decimal": decimal,
    "date": day,
    "month": day,
    "year": day,
}
UNDRAWN = frozenset({"postcode", "email", "phone", "information", "computed"})  # not in a finished response,
# or worked out from what is: the postcode is reduced to an area, which a response carries instead
ROWS = frozenset({"likert", "scale", "grid"})  # kinds a straight-liner gives one answer to, row after row
MARKS = frozenset(
    {"single_choice", "likert", "scale", "yes_no", "grid", "place"}
)  # kinds where two ticks on paper mean nothing


def straight_line(items: list[Item], drawn: Mapping[str, Drawn], who: Bools) -> None:
    """Give `who` their first row's answer in every later row of a page that has such an answer. In place."""
    first = drawn[items[0].code]
    for item in items[1:]:
        if item.scale is not None:
            fits = (first >= item.scale.low) & (first <= item.scale.high)
        else:
            fits = np.isin(first, [option.code for option in item.options])
        drawn[item.code][who & fits] = first[who & fits]
