"""Questionnaires far deeper than anyone should write, and people who answer them: for tests and timings.

The same seed always gives the same questionnaire. It holds grids, multiple choices, computed items, checks,
rankings, dates, answers inside texts, and conditions on items and sections nested several deep.
"""

from __future__ import annotations

import itertools
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from questionnaires import checks, loading
from questionnaires.model import Item, Questionnaire
from questionnaires.nodes import Entry, Node
from questionnaires.parsing import questionnaire as parsing
from questionnaires.parsing.fields import Places
from questionnaires.problems import Problem, Problems

FRAMEWORKS = Path(__file__).parent / "unit" / "questionnaires" / "frameworks"
ITEMS = 200
PER_SECTION = 10

Document = dict[str, Any]


@lru_cache
def questionnaire(seed: int, items: int = ITEMS, one_per: str = "section") -> Questionnaire:
    """A questionnaire of about so many items. It passes every check."""
    document = _Writer(Random(seed)).document(seed, items, one_per)
    framework = loading.load_framework(FRAMEWORKS / "tiny.yaml")
    for _attempt in range(40):
        problems, places = Problems("deep"), Places()
        found = parsing.questionnaire(_node(document), f"deep-{seed}-{items}-{one_per}", problems, places)
        assert found is not None
        checks.check_questionnaire(found, framework, places, problems)
        if not problems:
            return found
        _relent(document, list(problems))
    raise AssertionError("the conditions contradict each other to the end")


def _node(value: Any) -> Node:
    """A value as the reader of a file gives it: writing and reading YAML would take longer than the rest."""
    if isinstance(value, dict):
        return Node(next(LINES), {key: Entry(next(LINES), _node(each)) for key, each in value.items()})
    return Node(next(LINES), [_node(each) for each in value] if isinstance(value, list) else value)


LINES = itertools.count(1)


def _relent(document: Document, problems: list[Problem]) -> None:
    """Take the conditions away that chance made impossible; anything else is a mistake here."""
    strange = [p for p in problems if p.code not in ("unreachable", "bad-check")]
    assert not strange, strange
    keys = " ".join(problem.key + "." for problem in problems)
    for section in document["sections"]:
        if f"sections.{section['code']}.when." in keys:
            del section["when"]
        for item in section["items"]:
            for each in (item, *item.get("rows", ())):
                if f".{each['code']}.when." in keys:
                    del each["when"]
                if f".{each['code']}.checks." in keys:
                    del each["checks"]


class _Writer:
    """Writes items one after another, each able to read those before it."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.codes: list[tuple[str, tuple[int, ...]]] = []  # items with codes, that conditions can read
        self.numbers: list[str] = []
        self.many: list[str] = []
        self.count = 0

    def document(self, seed: int, items: int, one_per: str) -> Document:
        sections = []
        while self.count < items:
            code = f"part_{len(sections)}"
            section: Document = {"code": code, "title": f"Part {len(sections)}"}
            if sections and self.rng.random() < 0.5:
                section["when"] = self.condition(2)
            section["items"] = []
            end = min(self.count + PER_SECTION, items)
            while self.count < end:
                section["items"].append(self.item())
            sections.append(section)
        scores = [{"code": "total", "method": "count", "items": [c for c, _ in self.codes[:5]], "codes": [1]}]
        return {
            "format": 1,
            "id": f"deep-{seed}",
            "version": "1",
            "title": "Deep",
            "language": "en",
            "framework": "tiny",
            "one_per": one_per,
            "scores": scores,
            "sections": sections,
        }

    def item(self) -> Document:
        write = self.rng.choices(
            [
                self.choice,
                self.many_of,
                self.number,
                self.grid,
                self.computed,
                self.ranking,
                self.day,
                self.words,
            ],
            [6, 3, 4, 2, 2, 1, 1, 1],
        )[0]
        self.count += 1
        when = self.condition(3) if self.codes and self.rng.random() < 0.6 else None
        echo = f" {{{self.rng.choice(self.codes)[0]}|then}}" if len(self.codes) > 9 else ""
        found = {"purpose": "context", **write(f"item_{self.count}")}
        found["text"] = f"Question {self.count}{echo}?"
        if when is not None:
            found["when"] = when
        return found

    def choice(self, code: str) -> Document:
        size = self.rng.randint(2, 6)
        self.codes.append((code, tuple(range(1, size + 1))))
        options = [{"code": n, "text": f"Answer {n}"} for n in range(1, size + 1)]
        options[-1]["say_what"] = True
        kind = {"code": code, "kind": "single_choice", "options": options, "prefer_not_to_say": True}
        return {**kind, "order": self.rng.choice(["random", ""])}

    def many_of(self, code: str) -> Document:
        self.codes.append((code, (1, 2, 3)))
        self.many.append(code)
        options: list[Document] = [{"code": n, "text": f"Answer {n}"} for n in (1, 2, 3)]
        options.append({"code": 4, "text": "None of these", "exclusive": True})
        return {"code": code, "kind": "multiple_choice", "options": options}

    def number(self, code: str) -> Document:
        found: Document = {"code": code, "kind": "integer", "minimum": 0, "maximum": 9}
        if self.numbers:
            other = self.rng.choice(self.numbers)
            hard = self.rng.random() < 0.3
            found["checks"] = [{"when": {"item": code, "more-than": other}, "text": "So many?", "hard": hard}]
        self.numbers.append(code)
        self.codes.append((code, tuple(range(10))))
        return found

    def grid(self, code: str) -> Document:
        rows: list[Document] = []
        before = list(self.codes)
        for n in range(self.rng.randint(2, 5)):
            row: Document = {"code": f"{code}_{n}", "text": f"Statement {n}"}
            if before and self.rng.random() < 0.3:
                row["when"] = self.condition(1, before)
            rows.append(row)
            self.codes.append((row["code"], (1, 2, 3)))
        self.count += len(rows) - 1
        options = [{"code": n, "text": f"Step {n}"} for n in (1, 2, 3)]
        return {"code": code, "kind": "grid", "rows": rows, "options": options}

    def computed(self, code: str) -> Document:
        if len(self.numbers) < 2 or self.rng.random() < 0.5:
            if not self.codes:
                return self.choice(code)
            cases = [{"when": self.condition(2), "value": n} for n in (1, 2)]
            compute: Document = {"cases": cases, "otherwise": 0}
            codes = (0, 1, 2)
        else:
            method = self.rng.choice(["sum", "difference", "largest", "smallest", "product"])
            compute = {method: self.rng.sample(self.numbers, 2)}
            codes = tuple(range(10))
        self.codes.append((code, codes))
        return {"code": code, "kind": "computed", "compute": compute, "maximum": 100}

    def ranking(self, code: str) -> Document:
        options = [{"code": n, "text": f"Thing {n}"} for n in range(1, 5)]
        self.codes.append((code, (1, 2, 3, 4)))
        return {"code": code, "kind": "ranking", "options": options, "maximum": 2}

    def day(self, code: str) -> Document:
        return {"code": code, "kind": "date", "earliest": "1950-01-01", "latest": "today"}

    def words(self, code: str) -> Document:
        return {"code": code, "kind": self.rng.choice(["short_text", "information", "postcode", "email"])}

    def condition(self, depth: int, among: list[tuple[str, tuple[int, ...]]] | None = None) -> Document:
        rng, among = self.rng, among or self.codes
        if depth and rng.random() < 0.5:
            parts = [self.condition(depth - 1, among) for _ in range(rng.randint(2, 3))]
            return {rng.choice(["every", "some"]): parts}
        if depth and rng.random() < 0.2:
            return {"never": self.condition(depth - 1, among)}
        code, codes = rng.choice(among[-40:])
        shape = rng.random()
        if shape < 0.1 and len(among) > 3:
            items = [c for c, known in rng.sample(among[-20:], min(3, len(among))) if 1 in known]
            if items:
                return {"count": items, "in": [1], "at-least": 1}
        if shape < 0.2:
            return {"item": code, "answered": rng.random() < 0.8}
        if shape < 0.4 and code not in self.many:
            return {"item": code, rng.choice(["at-least", "at-most"]): rng.choice(codes)}
        picked = rng.sample(codes, rng.randint(1, max(1, len(codes) - 1)))
        return {"item": code, rng.choice(["in", "in", "not-in"]): sorted(picked)}


def typed(item: Item, rng: Random) -> dict[str, list[str]]:
    """What somebody might type or tick: most often an answer, sometimes nothing, sometimes nonsense."""
    chance = rng.random()
    if chance < 0.1:
        return {}
    if chance < 0.15:
        return {item.code: [rng.choice(["9999", "prefer-not-to-say", "//", "\u0000", "-1", "٣"])]}
    codes = [str(option.code) for option in item.options]
    if item.kind == "multiple_choice":
        return {item.code: rng.sample(codes, rng.randint(0, 3))}
    if item.kind == "ranking":
        return {f"{item.code}-{code}": [str(n)] for n, code in enumerate(rng.sample(codes, 2), 1)}
    if item.kind in ("date", "month"):
        parts = {"day": rng.randint(1, 31), "month": rng.randint(1, 12), "year": rng.randint(1950, 2020)}
        if item.kind == "month":
            del parts["day"]
        return {f"{item.code}-{part}": [str(number)] for part, number in parts.items()}
    if item.kind == "integer":
        return {item.code: [str(rng.randint(0, 10))]}
    if codes:
        return {item.code: [rng.choice(codes)], f"{item.code}-other": ["Something"]}
    if item.scale is not None:
        return {item.code: [str(rng.randint(item.scale.low, item.scale.high))]}
    texts = {"postcode": "CM1 1GT", "email": "jo@example.org", "phone": "01632 960001", "year": "1980"}
    texts["decimal"] = str(rng.randint(0, 100) / 10)
    return {item.code: [texts.get(item.kind, "words")]}
