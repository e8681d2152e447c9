"""What is known of a form while its rows are read: codes given, answers to read, texts translated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from questionnaires.xlsform import conditions, expressions, texts
from questionnaires.xlsform.choices import ChoiceList
from questionnaires.xlsform.conditions import Said, Scope, Target
from questionnaires.xlsform.expressions import Tree, UnsaidError
from questionnaires.xlsform.report import Report
from questionnaires.xlsform.texts import Languages
from questionnaires.xlsform.workbook import Row, Workbook

Plain = dict[str, Any]
UNPIPED = frozenset({"long_text", "email", "phone", "information", "postcode"})
BY_HAND = "Write it into the questionnaire file by hand, if it can be said there."


@dataclass(slots=True)
class Form:
    """The state of one import."""

    book: Workbook
    report: Report
    spoken: Languages
    lists: dict[str, ChoiceList]
    targets: dict[str, Target] = field(default_factory=dict)  # asked so far, by the form's names
    formulas: dict[str, Tree] = field(default_factory=dict)
    said_beside: dict[str, str] = field(default_factory=dict)  # "other" texts: the item they belong to
    codes: set[str] = field(default_factory=set)  # of items and sections
    translations: dict[str, dict[str, str]] = field(default_factory=dict)  # language: context: text
    media: set[str] = field(default_factory=set)  # files the form refers to that are there
    read_columns: set[str] = field(default_factory=set)  # of the choices sheet, by filters

    def code(self, name: str, suffix: str = "") -> str:
        """A code of its own for a name."""
        found = texts.code(name, set())
        if suffix and found in self.codes:
            found = f"{found}_{suffix}"
        found = texts.code(found, self.codes)
        self.codes.add(found)
        return found

    def scope(self, itself: Target | None = None) -> Scope:
        return Scope(self.targets, self.formulas, itself)

    def plain(self, row: Row, text: str) -> str:
        """A text as plain words; what is lost is noted at its row."""
        return texts.plain(text, self._stand_in, lambda note: self.report.changed(row.at, "label", note))

    def words(self, row: Row, column: str, context: str) -> str:
        """A text in the form's own language, and its translations remembered for a place in the file.

        A row that has it only in other languages gives the first of them.
        """
        found = {
            language: self.plain(row, text)
            for language, text in texts.in_languages(row, column, self.spoken).items()
        }
        own = found.pop(self.spoken.own, "")
        if not own and found:
            language, own = next(iter(found.items()))
            self.report.changed(
                row.at,
                column,
                f"There is no text in the form's own language; the one in '{language}' is used.",
                "Translate it in the questionnaire file.",
            )
        for language, text in found.items():
            if text and context:
                self.translations.setdefault(language, {})[context] = text
        return own

    def tree(self, row: Row, column: str) -> Tree | None:
        """The expression in a column; None, with a note, when it cannot be read."""
        try:
            return expressions.parse(row.get(column))
        except UnsaidError as unsaid:
            self.lost(row, column, str(unsaid))
            return None

    def condition(self, row: Row) -> Said | None:
        """When a row is asked: True for always, None, with a note, when its condition is lost."""
        if not row.get("relevant"):
            return True
        tree = self.tree(row, "relevant")
        if tree is None:
            return None
        try:
            return conditions.condition(tree, self.scope())
        except UnsaidError as unsaid:
            self.lost(row, "relevant", str(unsaid))
            return None

    def tree_of_filter(self, row: Row) -> Tree | None:
        """A choice filter; None, with a note, when it cannot be read."""
        try:
            return expressions.parse(row.get("choice_filter"))
        except UnsaidError as unsaid:
            self.report.changed(
                row.at, "choice_filter", f"The filter is left out: every choice is offered. {unsaid}", BY_HAND
            )
            return None

    def lost(self, row: Row, column: str, cause: str) -> None:
        meaning = {
            "relevant": "Its condition is left out, so everyone is asked, and nobody has to answer.",
            "constraint": "Its constraint is left out.",
            "calculation": "It is not worked out.",
        }[column]
        self.report.changed(row.at, column, f"{meaning} {cause}", BY_HAND)

    def _stand_in(self, name: str) -> str | None:
        if name in self.said_beside:
            return self.said_beside[name]
        target = self.targets.get(name)
        return target.code if target is not None and target.kind not in UNPIPED else None
