"""The lines of a form, one after the other, as the sections and items of a questionnaire."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from questionnaires.xlsform import calculations, conditions, filters, questions, structure, tables
from questionnaires.xlsform.conditions import Said, Target
from questionnaires.xlsform.expressions import UnsaidError
from questionnaires.xlsform.form import Form
from questionnaires.xlsform.structure import Line
from questionnaires.xlsform.texts import humanised
from questionnaires.xlsform.types import Type
from questionnaires.xlsform.workbook import Row

Plain = dict[str, Any]
SAYS_WHAT = frozenset({"single_choice", "multiple_choice", "place"})


@dataclass(slots=True)
class Frame:
    """A group that is open."""

    row: Row
    title: str
    when: list[Said]
    translated: dict[str, str]
    intro: str = ""
    lost: bool = False  # its condition could not be kept
    merged: bool = False  # its questions stay in the section around it


class Walk:
    """Goes through the lines and builds the sections."""

    def __init__(self, form: Form):
        self.form = form
        self.frames: list[Frame] = []
        self.sections: list[Plain] = []
        self.current: Plain | None = None
        self.rows: dict[str, tuple[str, int]] = {}

    def all(self, found: list[Line]) -> None:
        index = 0
        while index < len(found):
            line = found[index]
            if line.type.what == "begin":
                end = structure.block(found, index)
                rows = tables.rows_of(self, line, found[index + 1 : end])
                if rows:
                    tables.grid(self, line.row, rows)
                    index = end
                else:
                    self._begin(line)
            elif line.type.what == "end":
                if not self.frames.pop().merged:
                    self.current = None
            else:
                self._one(line)
            index += 1

    def _begin(self, line: Line) -> None:
        form, row = self.form, line.row
        said = form.condition(row)
        merged = not row.texts.get("label") and said is True and bool(self.frames)
        frame = Frame(row, "", [], {}, lost=said is None, merged=merged)
        if said is not None and said is not True:
            frame.when.append(said)
        if not merged:
            self.current = None
            frame.title = form.words(row, "label", "?title") or self._outer_title(row)
            frame.intro = form.words(row, "hint", "?intro")
            for language, known in form.translations.items():
                for key in ("?title", "?intro"):
                    if key in known:
                        frame.translated[f"{language} {key}"] = known.pop(key)
        self.frames.append(frame)

    def _outer_title(self, row: Row) -> str:
        title = humanised(row.name) if row.name else self._form_title()
        self.form.report.changed(row.at, "label", f"The group has no label; '{title}' heads its page.")
        return title

    def _form_title(self) -> str:
        return self.form.book.settings.get("form_title") or humanised(self.form.book.stem)

    def section(self) -> Plain:
        """The section that the next item belongs to, begun where there is none."""
        if self.current is not None:
            return self.current
        frame = next((each for each in reversed(self.frames) if not each.merged), None)
        name = frame.row.name or frame.title if frame else "questions"
        code = self.form.code(name, "section")
        self.current = {"code": code, "title": frame.title if frame else self._form_title()}
        if frame is not None:
            if frame.intro:
                self.current["intro"] = frame.intro
            for key, text in frame.translated.items():
                language, _, place = key.partition(" ?")
                self.form.translations.setdefault(language, {})[f"section.{code}.{place}"] = text
            frame.intro = ""
        when = conditions.joined("every", [said for each in self.frames for said in each.when])
        if isinstance(when, dict):
            self.current["when"] = when
        self.current["items"] = []
        self.sections.append(self.current)
        return self.current

    def is_never_asked(self) -> bool:
        return conditions.joined("every", [said for each in self.frames for said in each.when]) is False

    def _one(self, line: Line) -> None:
        form, row, type = self.form, line.row, line.type
        if type.what == "asked" and type.kind == "calculate":
            self._calculate(row)
        elif type.what in ("asked", "select") and not (type.what == "select" and self._unusable(row, type)):
            said = form.condition(row)
            if self.is_never_asked() or said is False:
                form.report.left_out(row.at, "relevant", "Its condition is never true, so it is never asked.")
            elif not self._says_what(row, type, said):
                self._ask(line, said)
        elif type.what == "recorded":
            form.report.left_out(
                row.at,
                "type",
                "No record is kept of devices, clock times or people's numbers.",
                "Nothing to do.",
            )
        elif type.what in ("captured", "hidden"):
            self._unsupported(row, type.kind)

    def _unsupported(self, row: Row, kind: str) -> None:
        if row.get("required").lower() in questions.YES:
            self.form.report.refuse(
                row.at,
                "type",
                f"The form needs an answer of the type '{kind}', which cannot be asked for here.",
                "Make it optional, or ask for it in words.",
            )
            return
        remedy = (
            "Ask for a postcode instead."
            if kind in ("geopoint", "gps", "location")
            else "Ask in words instead."
        )
        self.form.report.left_out(
            row.at, "type", f"Nothing of the type '{kind}' can be asked for here.", remedy
        )

    def _unusable(self, row: Row, type: Type) -> bool:
        if type.choices in self.form.lists:
            return False
        self._unsupported(row, f"select from the file '{type.choices}'")
        return True

    def _says_what(self, row: Row, type: Type, said: Said | None) -> bool:
        """Whether a text only asks for the words of "other" at the question just before it."""
        items = self.current["items"] if self.current else []
        last = items[-1] if items else {}
        if type.kind != "text" or last.get("kind") not in SAYS_WHAT or not isinstance(said, dict):
            return False
        if set(said) != {"item", "in"} or said["item"] != last["code"] or len(said["in"]) != 1:
            return False
        option = next(each for each in last.get("options", ()) if each["code"] == said["in"][0])
        names = f"{option.get('name', '')} {option['text']} {row.name}".lower()
        if not re.search(r"other|specify|else", names) or any(
            each.get("say_what") for each in last.get("options", ())
        ):
            return False
        option["say_what"] = True
        self.form.said_beside[row.name] = last["code"]
        self.form.report.changed(row.at, "type", f"Its words are asked beside the choice '{option['text']}'.")
        return True

    def _ask(self, line: Line, said: Said | None) -> None:
        form, row = self.form, line.row
        if line.type.what == "select" and row.get("choice_filter") and filters.filtered(self, line, said):
            return
        code = form.code(row.name or line.type.kind)
        made = questions.item(form, row, line.type, code)
        if made is None:
            form.codes.discard(code)
            return
        self.add(row, *made, said)

    def add(self, row: Row, item: Plain, target: Target, said: Said | None) -> None:
        if isinstance(said, dict):
            item["when"] = said
        if said is None or any(frame.lost for frame in self.frames):
            item.pop("required", None)
        self.section()["items"].append(item)
        self.rows[item["code"]] = row.at
        if row.name:
            self.form.formulas.pop(row.name, None)
            self.form.targets[row.name] = Target(
                item["code"], item["kind"], target.options, target.decimals, target.low, target.high
            )

    def _calculate(self, row: Row) -> None:
        form = self.form
        if not row.get("calculation"):
            form.report.left_out(
                row.at, "calculation", "Nothing says what to calculate.", "Write the calculation."
            )
            return
        tree = form.tree(row, "calculation")
        if tree is None:
            form.report.left_out(row.at, "calculation", "The calculation cannot be read.", "Correct it.")
            return
        said = form.condition(row)
        try:
            worked = calculations.compute(tree, form.scope())
        except UnsaidError as unsaid:
            form.formulas[row.name] = tree
            form.report.left_out(
                row.at,
                "calculation",
                f"Its value is not kept, only used in conditions that read it. {unsaid}",
                "Work it out when the answers are analysed.",
            )
            return
        code = form.code(row.name)
        text = form.words(row, "label", f"{code}.text") or humanised(row.name)
        item: Plain = {"code": code, "kind": "computed", "text": text}
        if row.name != code:
            item["name"] = row.name
        item["compute"] = worked
        self.add(row, item, Target(code, "computed", low=0, high=9999), said)
