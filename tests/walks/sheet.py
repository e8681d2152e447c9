"""What one person has saved so far, and what must come of it: the model that a walk is held against."""

from __future__ import annotations

from typing import Any

from questionnaires import computing, conditions, paging, scales
from questionnaires.answers import Answer, Missing, from_json, to_json
from questionnaires.model import Item, Questionnaire
from tests.walks.answers import INSIDE, MISSING, Raw, controls, missing, row, stored

FORGOTTEN = frozenset({"email", "phone", "postcode"})


class Sheet:
    """Items as the last page saved with them says, told from what was typed and from nothing stored."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.typed: Raw = {}
        self.seen: set[str] = set()
        self.area: str | None = None
        self.from_list = False

    def take(self, items: list[Item], raw: Raw) -> None:
        """A page was saved: what was on it before is gone."""
        for item in items:
            self.seen.add(item.code)
            for name in controls(item):
                self.typed.pop(name, None)
            self.typed |= {name: raw[name] for name in controls(item) if raw.get(name)}
            if not self._says_what(item):
                self.typed.pop(f"{item.code}-other", None)
            if item.kind == "postcode":
                self._settle(raw.get(item.code, [""])[0])

    def _says_what(self, item: Item) -> bool:
        chosen = self.typed.get(item.code, [])
        return any(option.say_what and str(option.code) in chosen for option in item.options)

    def _settle(self, postcode: str) -> None:
        if postcode == INSIDE:
            self.area, self.from_list = "L1", False
        elif not (self.from_list and postcode in ("", "prefer-not-to-say")):
            self.area, self.from_list = None, False

    def choose_area(self, item: Item, area: str | None) -> None:
        """A place was chosen from the list, or none: the postcode that was not known is let go."""
        self.area, self.from_list = area, True
        self.typed[item.code] = [] if area else ["prefer-not-to-say"]

    def shown(self, items: list[Item]) -> Raw:
        """What the controls of a page must hold when it is opened."""
        return {name: self.typed.get(name, []) for item in items for name in controls(item)}

    def path(self, extra: Raw | None = None, on: list[Item] | None = None) -> dict[str, Any]:
        """Answers of every item that is asked, or worked out, as they are stored; in the order asked.

        `extra`: what is on a page, with the items `on` it, that has not been saved.
        """
        mine = {name for item in on or [] for name in controls(item)}
        typed = {name: values for name, values in self.typed.items() if name not in mine} | (extra or {})
        found: dict[str, Any] = {}
        answers: dict[str, Answer | Missing] = {}
        for section in self.questionnaire.sections:
            if not conditions.holds(section.when, answers):
                continue
            for item in section.items:
                if not conditions.holds(item.when, answers):
                    continue
                if item.kind == "computed":
                    one = to_json({item.code: computing.value(item, answers)})
                else:
                    one = {item.code: stored(item, typed)}
                found |= one
                answers |= from_json(one)
        return found

    def pages(self) -> dict[str, list[Item]]:
        """The pages on this person's way, with the items asked on each."""
        reached = self.path()
        found = {
            page.code: [i for i in page.items if i.code in reached]
            for page in paging.pages(self.questionnaire)
        }
        return {code: items for code, items in found.items() if items}

    def doubts(
        self, items: list[Item], raw: Raw | None = None, *, hard: bool = False
    ) -> dict[str, list[int]]:
        """Numbers of the checks that ask about these answers, by item."""
        answers = from_json(self.path(raw, items if raw is not None else None))
        found: dict[str, list[int]] = {}
        for item in items:
            if isinstance(answers.get(item.code, Missing.NOT_ANSWERED), Missing):
                continue
            for number, check in enumerate(item.checks, 1):
                if (check.hard or not hard) and conditions.holds(check.when, answers):
                    found.setdefault(item.code, []).append(number)
        return found

    def unsettled(self) -> list[str]:
        """Items that must be answered or changed before anything can be sent."""
        path = self.path()
        items = [item for page in self.pages().values() for item in page]
        wrong = self.doubts(items, hard=True)
        return [i.code for i in items if i.code in wrong or (i.required and isinstance(path[i.code], dict))]

    def response(self) -> dict[str, Any]:
        """What must be stored in the end: every item and score, an answer or the reason why there is none."""
        path = self.path()
        found: dict[str, Any] = {}
        for item in self.questionnaire.items():
            if item.kind in FORGOTTEN or item.kind == "information":
                continue
            found[item.code] = path.get(item.code, missing("not-asked"))
            other = self.typed.get(f"{item.code}-other")
            if item.code in path and other:
                found[f"{item.code}-other"] = other[0]
        return found | to_json(scales.scored(self.questionnaire, from_json(found)))

    def contacts(self) -> list[str]:
        """The addresses and numbers that must be kept apart."""
        path = self.path()
        asked = [
            path[item.code]
            for item in self.questionnaire.items()
            if item.code in path and item.kind in ("email", "phone")
        ]
        return sorted(value.lower() for value in asked if isinstance(value, str))

    def row(self) -> dict[str, int]:
        """The columns this response must have in an export and a snapshot."""
        done = self.response()
        found: dict[str, int] = {}
        for item in self.questionnaire.items():
            found |= row(item, done.get(item.code, missing("not-asked")))
        for score in self.questionnaire.scores:
            value = done[score.code]
            found[score.code] = MISSING[value["missing"]] if isinstance(value, dict) else value
        return found
