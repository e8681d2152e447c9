"""Items: the keys every item may have, and those its kind adds."""

from __future__ import annotations

import re

from questionnaires.kinds import KINDS
from questionnaires.kinds.marks import UNREAD_CODE
from questionnaires.model import Item, Option, Order, Purpose, Scale, Source
from questionnaires.parsing.condition import condition
from questionnaires.parsing.extras import agreement, checks, compute, media
from questionnaires.parsing.fields import Fields, Places, did_you_mean
from questionnaires.problems import ProblemCode

KIND_KEYS = frozenset(
    {
        "options",
        "scale",
        "minimum",
        "maximum",
        "unit",
        "prefer_not_to_say",
        "margin",
        "required",
        "order",
        "decimals",
        "earliest",
        "latest",
        "rows",
        "agreement",
        "compute",
        "checks",
    }
)
EVERY_ASKED = frozenset({"required", "checks"})  # keys of every item that people answer


def item(fields: Fields, places: Places) -> Item:
    """One item. What cannot be read is reported and left at its default, so that checking can go on."""
    kind_name = fields.text("kind", required=True)
    kind = KINDS.get(kind_name)
    if kind is None or kind.asked:
        _purpose_is_said(fields)
    code, decimals = fields.text("code", required=True), fields.integer("decimals") or 0
    if decimals:
        places.decimals[code] = decimals  # before its own checks are read
    likely = Purpose.FRAMEWORK if fields.has("subdomains") else Purpose.CONTEXT  # one problem, not two
    found = Item(
        code=code,
        kind=kind_name,
        text=fields.text("text", required=True),
        purpose=fields.choice("purpose", Purpose, default=likely),
        hint=fields.text("hint"),
        subdomains=fields.texts("subdomains"),
        options=tuple(_option(each, places) for each in fields.each("options") if each.readable)
        or (kind.options if kind else ()),
        scale=_scale(fields),
        minimum=fields.integer("minimum"),
        maximum=fields.integer("maximum"),
        unit=fields.text("unit"),
        required=fields.flag("required"),
        prefer_not_to_say=fields.flag("prefer_not_to_say"),
        sensitive=fields.flag("sensitive"),
        when=condition(fields, "when", places),
        margin=fields.text("margin") or None,
        source=source(fields),
        note=fields.text("note"),
        help=fields.text("help"),
        order=fields.choice("order", Order, default=Order.WRITTEN),
        checks=checks(fields, places),
        define=tuple(slug(term) for term in fields.texts("define")),
        media=media(fields, places),
        symbol=fields.text("symbol"),
        decimals=decimals,
        earliest=fields.text("earliest"),
        latest=fields.text("latest"),
        agreement=agreement(fields),
        compute=compute(fields, places),
        name=fields.text("name"),
    )
    fields.node("rows")  # `grid` reads them
    _keys_suit_the_kind(fields, kind_name)
    fields.close()
    places.note(found, fields)
    return found


def slug(term: str) -> str:
    """A code made of a term's words: "Fuel poverty" is fuel_poverty."""
    return "_".join(re.findall(r"[a-z0-9]+", term.lower()))


def _purpose_is_said(fields: Fields) -> None:
    if fields.readable and not fields.has("purpose"):
        fields.fault(
            ProblemCode.MISSING_PURPOSE,
            "purpose",
            "Nothing says why this is asked.",
            "Add 'purpose: framework' and 'subdomains', or weighting, equality, place, consent or context.",
        )


def _keys_suit_the_kind(fields: Fields, name: str) -> None:
    kind = KINDS.get(name)
    if kind is None:
        if name:
            remedy = did_you_mean(name, list(KINDS), always=True)
            fields.fault(
                ProblemCode.UNKNOWN_KIND, "kind", f"There is no kind of item called '{name}'.", remedy
            )
        return
    label = name.replace("_", " ")
    allowed = kind.allowed | EVERY_ASKED if kind.asked else kind.allowed
    for key in sorted(KIND_KEYS - allowed):
        if fields.has(key):
            fields.fault(
                ProblemCode.UNKNOWN_KEY,
                key,
                f"A {label} item has no '{key}'.",
                "Remove it, or change the kind.",
            )
    for key in sorted(kind.required):
        if not fields.has(key):
            fields.fault(
                ProblemCode.MISSING_KEY, key, f"A {label} item needs '{key}'.", f"Add '{key}: ...' here."
            )


def _option(fields: Fields, places: Places) -> Option:
    code = fields.integer("code", required=True)
    found = Option(
        code=UNREAD_CODE if code is None else code,
        text=fields.text("text", required=True),
        exclusive=fields.flag("exclusive"),
        substantive=fields.flag("substantive", default=True),
        level=fields.text("level") or None,
        say_what=fields.flag("say_what"),
        group=fields.text("group"),
        fixed=fields.flag("fixed"),
        name=fields.text("name"),
    )
    fields.close()
    places.note(found, fields)
    return found


def _scale(parent: Fields) -> Scale | None:
    fields = parent.mapping("scale")
    if fields is None or not fields.readable:
        return None
    low, high = fields.integer("low", required=True), fields.integer("high", required=True)
    found = Scale(
        low=0 if low is None else low,
        high=10 if high is None else high,
        low_label=fields.text("low_label", required=True),
        high_label=fields.text("high_label", required=True),
    )
    fields.close()
    return found


def source(parent: Fields) -> Source | None:
    fields = parent.mapping("source")
    if fields is None or not fields.readable:
        return None
    found = Source(
        text=fields.text("text"),
        licence=fields.text("licence"),
        url=fields.text("url"),
        changed=fields.text("changed"),
    )
    for key, value in (("text", found.text), ("licence", found.licence)):
        if not value:
            fields.fault(
                ProblemCode.MISSING_SOURCE,
                key,
                f"The source does not give its {'name' if key == 'text' else 'licence'}.",
                f"Add '{key}: ...', for example 'licence: OGL v3'.",
            )
    fields.close()
    return found
