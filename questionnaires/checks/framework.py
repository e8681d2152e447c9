"""The framework by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from questionnaires.checks.findings import ID, VERSION, Finding, coded, matches
from questionnaires.framework import Framework, Statistic
from questionnaires.parsing.fields import did_you_mean
from questionnaires.problems import ProblemCode


def _framework_header(f: Framework) -> Iterator[Finding]:
    yield from matches(f, "id", f.id, ID, "lower-case words joined by '-', like my-framework")
    yield from matches(f, "version", f.version, VERSION, 'digits and dots, like "2024"')
    if not f.k > 0:
        yield Finding(f, "k", ProblemCode.BAD_RANGE, f"k is {f.k}.", "Write a number above 0; 2 is usual.")
    if list(f.bands) != sorted(set(f.bands)) or not all(0 < edge < 10 for edge in f.bands):
        yield Finding(
            f,
            "bands",
            ProblemCode.BAD_RANGE,
            "The edges of the bands do not rise from 0 to 10.",
            "Put them in order.",
        )


def _framework_codes(f: Framework) -> Iterator[Finding]:
    yield from coded(list(f.headlines), "headline")
    yield from coded([domain for headline in f.headlines for domain in headline.domains], "domain")
    yield from coded([subdomain for _, _, subdomain in f.subdomains()], "sub-domain")
    yield from coded([indicator for _, _, _, indicator in f.indicators()], "indicator")


def _framework_indicators(f: Framework) -> Iterator[Finding]:
    for _, _, _, indicator in f.indicators():
        faults = []
        if indicator.polarity not in (1, -1):
            faults.append(("polarity", f"The polarity is {indicator.polarity}.", "Write 1 or -1."))
        if indicator.item is None and indicator.benchmark is None:
            faults.append(("code", "The indicator has no item and no benchmark.", "Add one of the two."))
        if indicator.item and indicator.statistic is Statistic.PROPORTION and not indicator.codes:
            faults.append(("statistic", "A proportion needs the codes that count.", "Add 'codes: [1]'."))
        if indicator.statistic is Statistic.MEAN and indicator.codes:
            faults.append(
                ("codes", "A mean counts no codes.", "Remove them, or write 'statistic: proportion'.")
            )
        if indicator.item is None and indicator.codes:
            faults.append(("codes", "A national indicator has no codes.", "Remove them, or add 'item: ...'."))
        for key, cause, remedy in faults:
            yield Finding(indicator, key, ProblemCode.BAD_INDICATOR, cause, remedy)


def _framework_index(f: Framework) -> Iterator[Finding]:
    known: set[str] = set()
    for layer in f.layers:
        if layer.id in known:
            yield Finding(
                layer, "id", ProblemCode.DUPLICATE_CODE, f"'{layer.id}' is used already.", "Keep one of them."
            )
        known.add(layer.id)
    shown: set[tuple[str, str, str]] = set()
    for code, score in f.index_scores():
        if score.layer not in known:
            cause = f"'{score.layer}' is not one of the framework's layers."
            yield Finding(score, "layer", ProblemCode.BAD_INDICATOR, cause, "Add it under 'layers:'.")
        if (code, score.layer, score.indicator) in shown:
            cause = f"'{score.indicator}' is here twice."
            yield Finding(score, "indicator", ProblemCode.BAD_INDICATOR, cause, "Keep one of them.")
        shown.add((code, score.layer, score.indicator))


def _framework_models(f: Framework) -> Iterator[Finding]:
    """Each indicator is modelled once at a level, and only where there are answers to model."""
    asked = [i.code for _, _, _, i in f.indicators() if i.item is not None]
    declared: set[tuple[str, str]] = set()
    for model in f.models:
        for code in model.indicators:
            if code not in asked:
                cause = f"'{code}' is not an indicator with an item."
                yield Finding(
                    model, "indicators", ProblemCode.BAD_INDICATOR, cause, did_you_mean(code, asked)
                )
        wanted = {(model.level, code) for code in model.indicators or asked}
        twice = sorted(code for _level, code in wanted & declared)
        if twice or len(set(model.indicators)) < len(model.indicators):
            cause = f"At level '{model.level}' an indicator is modelled twice."
            remedy = "Name each once, in one model of the level."
            yield Finding(model, "indicators", ProblemCode.BAD_INDICATOR, cause, remedy)
        declared |= wanted
        names: set[tuple[str, str]] = set()
        for each in model.covariates:
            if (each.layer, each.indicator) in names:
                cause = f"'{each.indicator}' is here twice."
                yield Finding(each, "indicator", ProblemCode.BAD_INDICATOR, cause, "Keep one of them.")
            names.add((each.layer, each.indicator))


CHECKS: tuple[Callable[[Framework], Iterator[Finding]], ...] = (
    _framework_header,
    _framework_codes,
    _framework_indicators,
    _framework_index,
    _framework_models,
)
