"""A questionnaire as the text of its file: the way back from `loading.load`.

`document` gives plain keys and values as docs/questionnaire-format.md describes them, `text` writes such a
document as YAML. Loading what `write` gives makes an equal questionnaire, its digest apart.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from questionnaires.kinds import KINDS
from questionnaires.model import (
    Compare,
    Compute,
    ComputeMethod,
    Condition,
    Count,
    Every,
    Item,
    Margin,
    OnePer,
    Option,
    Questionnaire,
    Score,
    Section,
    Some,
)
from questionnaires.parsing.questionnaire import FORMATS

Plain = dict[str, Any]
"""Keys and values as a questionnaire file has them: texts, whole numbers, true and false, lists, mappings."""

PLAIN_TEXT = re.compile(r"[^\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]*")
DATE_DIGITS = {"date": 8, "month": 6}
ONE_LINE = frozenset({"options", "source", "scale", "margins", "media", "when", "agreement", "glossary"})
GRID_ROW = frozenset({"code", "text", "name", "symbol", "media", "when"})
GRID_SHARED = frozenset({"note", "subdomains", "source"})  # on the grid where every row has the same
WORDS = frozenset({"yes", "no", "on", "off", "y", "n"})  # true and false to older readers of YAML
EVEN_ZERO = frozenset({"low", "high"})
WIDTH = 110


def write(questionnaire: Questionnaire) -> str:
    """The text of the file that this questionnaire would be loaded from."""
    return text(document(questionnaire))


def document(questionnaire: Questionnaire) -> Plain:
    """The questionnaire as plain keys and values, without keys that say nothing."""
    decimals = {item.code: item.decimals for item in questionnaire.items() if item.decimals}
    kinds = {item.code: item.kind for item in questionnaire.items()}
    plain = _Plain(decimals, kinds)
    found: Plain = {"format": FORMATS[-1]}
    skip = {"digest", "memo", "sections", "scores", "margins", "languages"}
    for name in ("id", "version", "title", "language"):
        found[name] = getattr(questionnaire, name)
    if questionnaire.languages != (questionnaire.language,):
        found["languages"] = list(questionnaire.languages)
    found |= _said(questionnaire, skip=skip | set(found))
    if questionnaire.margins:
        found["margins"] = [_margin(margin) for margin in questionnaire.margins]
    if questionnaire.scores:
        found["scores"] = [plain.score(score) for score in questionnaire.scores]
    found["sections"] = [plain.section(section) for section in questionnaire.sections]
    return found


def text(plain: Mapping[str, Any]) -> str:
    """A document as YAML."""
    yaml = YAML()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.allow_unicode = True
    out = io.StringIO()
    yaml.dump(_node(plain, flow=False), out)
    return out.getvalue()


class _Plain:
    """What depends on the items a condition reads: decimals and dates are written as people write them."""

    def __init__(self, decimals: Mapping[str, int], kinds: Mapping[str, str]):
        self.decimals = decimals
        self.kinds = kinds

    def section(self, section: Section) -> Plain:
        found: Plain = {"code": section.code, "title": section.title}
        found |= _said(section, skip={"code", "title", "items", "when", "safety_exit"})
        if section.safety_exit is not None:
            found["safety_exit"] = section.safety_exit
        if section.when is not None:
            found["when"] = self.condition(section.when)
        found["items"] = []
        rows: list[Item] = []
        for item in section.items:
            if rows and item.grid != rows[0].grid:
                found["items"].append(self._grid(rows))
                rows = []
            if item.grid is None:
                found["items"].append(self.item(item))
            else:
                rows.append(item)
        if rows:
            found["items"].append(self._grid(rows))
        return found

    def item(self, item: Item) -> Plain:
        skip = {"grid", "options", "when", "checks", "compute", "minimum", "maximum"}
        found = _said(item, skip=skip)
        kind = KINDS.get(item.kind)
        if kind is not None and not kind.asked and found.get("purpose") == "context":
            del found["purpose"]
        for name in ("minimum", "maximum"):
            if getattr(item, name) is not None:
                found[name] = getattr(item, name)
        if item.options and (kind is None or item.options != kind.options):
            found["options"] = [_option(option) for option in item.options]
        if item.when is not None:
            found["when"] = self.condition(item.when)
        if item.compute is not None:
            found["compute"] = self._compute(item.compute)
        if item.checks:
            found["checks"] = [
                {
                    "when": self.condition(check.when),
                    "text": check.text,
                    **({"hard": True} if check.hard else {}),
                }
                for check in item.checks
            ]
        return found

    def _grid(self, rows: list[Item]) -> Plain:
        """The mapping that these rows were made of."""
        grid = rows[0].grid
        if grid is None:
            raise ValueError("These rows are of no grid.")
        plain = [self.item(row) for row in rows]
        shared = {
            name for name in GRID_SHARED if all(name in row and row[name] == plain[0][name] for row in plain)
        }
        own = GRID_ROW | (GRID_SHARED - shared)
        found: Plain = {"code": grid.code, "kind": rows[0].kind, "text": grid.text}
        found |= _said(grid, skip={"code", "text"})
        found |= {name: value for name, value in plain[0].items() if name not in own | set(found)}
        found["rows"] = [{name: value for name, value in row.items() if name in own} for row in plain]
        return found

    def _compute(self, compute: Compute) -> Plain:
        if compute.method is not ComputeMethod.CASES:
            found: Plain = {compute.method.value: list(compute.items)}
            return found | ({"codes": list(compute.codes)} if compute.codes else {})
        cases = [{"when": self.condition(case.when), "value": case.value} for case in compute.cases]
        found = {"cases": cases}
        return found if compute.otherwise is None else found | {"otherwise": compute.otherwise}

    def score(self, score: Score) -> Plain:
        found: Plain = {"code": score.code}
        found |= _said(score, skip={"code", "when", "items"} if score.when is not None else {"code", "when"})
        return found if score.when is None else found | {"when": self.condition(score.when)}

    def condition(self, condition: Condition) -> Plain:
        if isinstance(condition, Compare):
            return self._compare(condition)
        if isinstance(condition, Count):
            found: Plain = {"count": list(condition.items), "in": list(condition.codes)}
            if condition.at_least is not None:
                found["at-least"] = condition.at_least
            if condition.at_most is not None:
                found["at-most"] = condition.at_most
            return found
        if isinstance(condition, (Every, Some)):
            join = "every" if isinstance(condition, Every) else "some"
            return {join: [self.condition(part) for part in condition.conditions]}
        inner = condition.condition
        if isinstance(inner, Compare) and inner.operator == "answered":
            return {"item": inner.item, "answered": False}
        return {"never": self.condition(inner)}

    def _compare(self, compare: Compare) -> Plain:
        value: Any
        if compare.operator == "answered":
            value = True
        elif compare.other:
            value = compare.other
        elif compare.operator in ("in", "not-in"):
            value = list(compare.values)
        elif compare.operator in ("at-least", "at-most"):
            value = self._number(compare.item, compare.values[0])
        else:
            value = compare.values[0]
        return {"item": compare.item, compare.operator: value}

    def _number(self, item: str, value: int) -> Any:
        """A stored number as a person writes it: 25 is 2.5, 20261123 is 2026-11-23."""
        digits = str(value)
        if len(digits) == DATE_DIGITS.get(self.kinds.get(item, "")):
            return "-".join(part for part in (digits[:4], digits[4:6], digits[6:]) if part)
        scaled = value / 10 ** self.decimals.get(item, 0)
        return int(scaled) if scaled == int(scaled) else scaled


def _option(option: Option) -> Plain:
    return _said(option, skip={"substantive"}) | ({} if option.substantive else {"substantive": False})


def _margin(margin: Margin) -> Plain:
    return _said(margin)


def _said(thing: Any, skip: Collection[str] = ()) -> Plain:
    """The fields of an object that say something, in their order, as plain values."""
    found: Plain = {}
    for each in fields(thing):
        value = getattr(thing, each.name)
        if each.name in skip or (
            value in (None, False, "", (), OnePer.SECTION) and each.name not in EVEN_ZERO
        ):
            continue
        if isinstance(value, StrEnum):
            value = value.value
        elif is_dataclass(value):
            value = _said(value)
        elif isinstance(value, tuple):
            value = [_said(part) if is_dataclass(part) else part for part in value]
        found[each.name] = value
    return found


def _node(value: Any, flow: bool, key: str = "") -> Any:
    """A value with the style it is written in: options and conditions on one line each, texts readable."""
    if isinstance(value, Mapping):
        made = CommentedMap(
            (name, _node(part, flow or name in ("when",), name)) for name, part in value.items()
        )
        if flow:
            made.fa.set_flow_style()
        return made
    if isinstance(value, (list, tuple)):
        scalars = all(not isinstance(part, (Mapping, list, tuple)) for part in value)
        listed = CommentedSeq(_node(part, flow or key in ONE_LINE, key) for part in value)
        if flow or scalars:
            listed.fa.set_flow_style()
        return listed
    return _scalar(value, flow)


def _scalar(value: Any, flow: bool) -> Any:
    if not isinstance(value, str):
        return value
    lines = value.split("\n")
    if len(lines) == 1:
        # A question mark in front begins a key when the line is read again.
        plain = PLAIN_TEXT.fullmatch(value) and value.lower() not in WORDS and not value.startswith("?")
        return value if plain else DoubleQuotedScalarString(value)
    tidy = all(PLAIN_TEXT.fullmatch(line) and line == line.strip() for line in lines)
    if flow or not tidy or not lines[0] or not lines[-1]:
        return DoubleQuotedScalarString(value)
    return LiteralScalarString(value)
