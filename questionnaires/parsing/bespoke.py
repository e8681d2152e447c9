"""A file of bespoke indicators."""

from __future__ import annotations

from dataclasses import dataclass

from questionnaires.bespoke import Definition, made
from questionnaires.framework import Composite, Indicator, Part, Statistic
from questionnaires.nodes import Node
from questionnaires.parsing.fields import Fields, Places
from questionnaires.parsing.questionnaire import format_is_known
from questionnaires.problems import ProblemCode, Problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a file says, not yet checked against its questionnaire."""

    questionnaire: str
    definitions: tuple[Definition, ...]


def bespoke(node: Node, problems: Problems, places: Places) -> Parsed | None:
    """The definitions in a document; None when the document is not even a mapping."""
    fields = Fields(node, "", problems)
    if not fields.readable:
        return None
    format_is_known(fields)
    questionnaire = fields.text("questionnaire", required=True)
    maker = fields.text("made_by")
    found = Parsed(
        questionnaire=questionnaire,
        definitions=tuple(
            _definition(each, questionnaire, maker, places)
            for each in fields.each("indicators", required=True)
            if each.readable
        ),
    )
    fields.close()
    places.note(found, fields)
    return found


def _definition(fields: Fields, questionnaire: str, maker: str, places: Places) -> Definition:
    polarity = fields.integer("polarity", required=True)
    composite = _composite(fields, places)
    found = Definition(
        questionnaire=questionnaire,
        under=fields.texts("under", required=True),
        indicator=made(
            Indicator(
                code=fields.text("code", required=True),
                title=fields.text("title", required=True),
                made_by=fields.text("made_by", required=not maker) or maker,
                polarity=1 if polarity is None else polarity,
                item=fields.text("item") or None,
                statistic=fields.choice("statistic", Statistic, default=Statistic.MEAN),
                codes=fields.integers("codes"),
                unit=fields.text("unit"),
                sentence=fields.text("sentence"),
                composite=composite,
            )
        ),
    )
    if composite is not None:
        for key in ("item", "statistic", "codes"):
            if fields.has(key):
                cause = f"An indicator has '{key}' or a 'composite', not both."
                fields.fault(ProblemCode.BAD_INDICATOR, key, cause, "Remove one of the two.")
    fields.close()
    places.note(found, fields)
    return found


def _composite(parent: Fields, places: Places) -> Composite | None:
    fields = parent.mapping("composite")
    if fields is None or not fields.readable:
        return None
    parts = tuple(_part(each, places) for each in fields.each("parts", "item", required=True))
    at_least = fields.integer("at_least")
    found = Composite(parts=parts, at_least=len(parts) if at_least is None else at_least)
    fields.close()
    places.note(found, fields)
    return found


def _part(fields: Fields, places: Places) -> Part:
    found = Part(item=fields.text("item", required=True), codes=fields.integers("codes"))
    fields.close()
    places.note(found, fields)
    return found
