"""The questionnaire itself: its header, sections, scores and margins."""

from __future__ import annotations

from questionnaires.conditions import items_read
from questionnaires.model import Margin, OnePer, Questionnaire, Score, ScoreMethod, Section, Support, Term
from questionnaires.nodes import Node
from questionnaires.parsing.condition import condition
from questionnaires.parsing.fields import Fields, Places
from questionnaires.parsing.grid import items
from questionnaires.parsing.item import slug
from questionnaires.problems import ProblemCode, Problems

FORMATS = (1,)


def questionnaire(node: Node, digest: str, problems: Problems, places: Places) -> Questionnaire | None:
    """The questionnaire in a document; None when the document is not even a mapping."""
    fields = Fields(node, "", problems)
    if not fields.readable:
        return None
    format_is_known(fields)
    names = ("id", "version", "title", "language", "framework")
    id, version, title, language, framework = (fields.text(name, required=True) for name in names)
    found = Questionnaire(
        id=id,
        version=version,
        title=title,
        language=language,
        framework=framework,
        sections=tuple(
            _section(each, places) for each in fields.each("sections", required=True) if each.readable
        ),
        introduction=fields.text("introduction"),
        licence=fields.text("licence"),
        contact=fields.text("contact"),
        languages=fields.texts("languages") or (language,),
        scores=tuple(_score(each, places) for each in fields.each("scores") if each.readable),
        margins=tuple(_margin(each, places) for each in fields.each("margins", "name") if each.readable),
        one_per=fields.choice("one_per", OnePer, default=OnePer.SECTION),
        hub=fields.flag("hub"),
        glossary=tuple(_term(each, places) for each in fields.each("glossary", "term") if each.readable),
        support=tuple(_support(each, places) for each in fields.each("support", "name") if each.readable),
        next=fields.text("next"),
        digest=digest,
    )
    fields.close()
    places.note(found, fields)
    return found


def format_is_known(fields: Fields) -> None:
    """Report a file written for another version of the format."""
    version = fields.integer("format", required=True)
    if version is not None and version not in FORMATS:
        fields.fault(
            ProblemCode.WRONG_TYPE,
            "format",
            f"Format {version} is not known to this version of the software.",
            f"Use format {FORMATS[-1]}, or a newer version of the software.",
        )


def _section(fields: Fields, places: Places) -> Section:
    found = Section(
        code=fields.text("code", required=True),
        title=fields.text("title", required=True),
        items=tuple(
            found
            for each in fields.each("items", required=True)
            if each.readable
            for found in items(each, places)
        ),
        intro=fields.text("intro"),
        when=condition(fields, "when", places),
        safety_exit=fields.flag("safety_exit") if fields.has("safety_exit") else None,
    )
    fields.close()
    places.note(found, fields)
    return found


def _score(fields: Fields, places: Places) -> Score:
    rule = condition(fields, "when", places)
    found = Score(
        code=fields.text("code", required=True),
        method=fields.choice("method", ScoreMethod, default=ScoreMethod.SUM, required=True),
        items=fields.texts("items") or (() if rule is None else tuple(dict.fromkeys(items_read(rule)))),
        codes=fields.integers("codes"),
        minimum_answered=fields.integer("minimum_answered") or 0,
        title=fields.text("title"),
        when=rule,
    )
    fields.close()
    places.note(found, fields)
    return found


def _margin(fields: Fields, places: Places) -> Margin:
    found = Margin(
        name=fields.text("name", required=True),
        item=fields.text("item") or None,
        area_level=fields.text("area_level") or None,
        levels=fields.texts("levels"),
    )
    fields.close()
    places.note(found, fields)
    return found


def _term(fields: Fields, places: Places) -> Term:
    term = fields.text("term", required=True)
    found = Term(code=fields.text("code") or slug(term), term=term, text=fields.text("text", required=True))
    fields.close()
    places.note(found, fields)
    return found


def _support(fields: Fields, places: Places) -> Support:
    found = Support(
        name=fields.text("name", required=True),
        contact=fields.text("contact", required=True),
        url=fields.text("url"),
    )
    fields.close()
    places.note(found, fields)
    return found
