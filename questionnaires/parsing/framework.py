"""The framework: headlines, domains, sub-domains and their indicators."""

from __future__ import annotations

from typing import TypeVar

from questionnaires.framework import (
    AreaModel,
    Benchmark,
    Covariate,
    Domain,
    Framework,
    Headline,
    IndexLayer,
    IndexScore,
    Indicator,
    Statistic,
    SubDomain,
)
from questionnaires.nodes import Node
from questionnaires.parsing.fields import Fields, Places
from questionnaires.parsing.questionnaire import format_is_known
from questionnaires.problems import Problems


def framework(node: Node, digest: str, problems: Problems, places: Places) -> Framework | None:
    """The framework in a document; None when the document is not even a mapping."""
    fields = Fields(node, "", problems)
    if not fields.readable:
        return None
    format_is_known(fields)
    found = Framework(
        id=fields.text("id", required=True),
        version=fields.text("version", required=True),
        title=fields.text("title", required=True),
        headlines=tuple(
            _headline(each, places) for each in fields.each("headlines", required=True) if each.readable
        ),
        k=fields.number("k", 2.0),
        bands=fields.numbers("bands", (3.5, 4.5, 5.5, 6.5)),
        source=fields.text("source"),
        digest=digest,
        layers=tuple(_layer(each, places) for each in fields.each("layers", "id") if each.readable),
        index=_index(fields, places),
        models=tuple(_model(each, places) for each in fields.each("models", "level") if each.readable),
    )
    fields.close()
    places.note(found, fields)
    return found


def _headline(fields: Fields, places: Places) -> Headline:
    found = Headline(
        code=fields.text("code", required=True),
        title=fields.text("title", required=True),
        domains=tuple(
            _domain(each, places) for each in fields.each("domains", required=True) if each.readable
        ),
        index=_index(fields, places),
    )
    fields.close()
    places.note(found, fields)
    return found


def _domain(fields: Fields, places: Places) -> Domain:
    each_subdomain = fields.each("subdomains", required=True)
    found = Domain(
        code=fields.text("code", required=True),
        title=fields.text("title", required=True),
        subdomains=tuple(_subdomain(each, places) for each in each_subdomain if each.readable),
        index=_index(fields, places),
    )
    fields.close()
    places.note(found, fields)
    return found


def _subdomain(fields: Fields, places: Places) -> SubDomain:
    found = SubDomain(
        code=fields.text("code", required=True),
        title=fields.text("title", required=True),
        indicators=tuple(_indicator(each, places) for each in fields.each("indicators") if each.readable),
        index=_index(fields, places),
    )
    fields.close()
    places.note(found, fields)
    return found


def _layer(fields: Fields, places: Places) -> IndexLayer:
    found = IndexLayer(
        id=fields.text("id", required=True),
        title=fields.text("title", required=True),
        scale=fields.text("scale"),
        period=fields.text("period"),
    )
    fields.close()
    places.note(found, fields)
    return found


def _index(parent: Fields, places: Places) -> tuple[IndexScore, ...]:
    each_score = parent.each("index", "indicator")
    return tuple(_column(IndexScore, each, places) for each in each_score if each.readable)


Column = TypeVar("Column", IndexScore, Covariate)


def _column(kind: type[Column], fields: Fields, places: Places) -> Column:
    """What names a column of a national layer, with what readers are told it is."""
    found = kind(
        layer=fields.text("layer", required=True),
        indicator=fields.text("indicator", required=True),
        title=fields.text("title"),
    )
    fields.close()
    places.note(found, fields)
    return found


def _model(fields: Fields, places: Places) -> AreaModel:
    each_covariate = fields.each("covariates", "indicator")
    found = AreaModel(
        level=fields.text("level", required=True),
        indicators=fields.texts("indicators"),
        covariates=tuple(_column(Covariate, each, places) for each in each_covariate if each.readable),
    )
    fields.close()
    places.note(found, fields)
    return found


def _indicator(fields: Fields, places: Places) -> Indicator:
    polarity = fields.integer("polarity", required=True)
    found = Indicator(
        code=fields.text("code", required=True),
        title=fields.text("title", required=True),
        polarity=1 if polarity is None else polarity,
        item=fields.text("item") or None,
        statistic=fields.choice("statistic", Statistic, default=Statistic.MEAN),
        codes=fields.integers("codes"),
        unit=fields.text("unit"),
        benchmark=_benchmark(fields),
        sentence=fields.text("sentence"),
    )
    fields.close()
    places.note(found, fields)
    return found


def _benchmark(parent: Fields) -> Benchmark | None:
    fields = parent.mapping("benchmark")
    if fields is None or not fields.readable:
        return None
    found = Benchmark(
        layer=fields.text("layer", required=True),
        indicator=fields.text("indicator", required=True),
        comparable=fields.flag("comparable", default=True),
        note=fields.text("note"),
    )
    fields.close()
    return found
