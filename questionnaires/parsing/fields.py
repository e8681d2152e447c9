"""Reading the keys of one mapping: types checked, absent and unknown keys reported, lines remembered."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from questionnaires.nodes import Entry, Node
from questionnaires.problems import ProblemCode, Problems

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object stands in its file: its label, its line, and the line of each of its keys."""

    label: str
    line: int
    keys: Mapping[str, int]

    def of(self, key: str) -> tuple[int, str]:
        """Line and label of a key of this object; of the object itself where the key is not written."""
        return self.keys.get(key, self.line), f"{self.label}.{key}" if self.label else key


@dataclass(slots=True)
class Places:
    """Where each parsed object came from. Keyed by identity, so the objects are kept alive here.

    `decimals`: digits after the point of each decimal item read so far, for conditions that follow it.
    """

    decimals: dict[str, int] = field(default_factory=dict)
    _found: dict[int, tuple[object, Place]] = field(default_factory=dict)

    def note(self, thing: object, fields: Fields, shared: Fields | None = None) -> None:
        """Remember where a thing is written; keys it shares with others may stand in `shared`."""
        entries = {**(shared.entries if shared else {}), **fields.entries}
        lines = {key: entry.line for key, entry in entries.items()}
        self._found[id(thing)] = (thing, Place(fields.label, fields.line, lines))

    def of(self, thing: object) -> Place:
        """Raises KeyError when the object did not come from this file."""
        return self._found[id(thing)][1]


class Fields:
    """The keys of one mapping. Take what is expected, then `close` reports what is left."""

    def __init__(self, node: Node, label: str, problems: Problems):
        self.label = label
        self.line = node.line
        self.problems = problems
        self._expected: list[str] = []
        self.entries: Mapping[str, Entry] = {}
        if isinstance(node.value, dict):
            self.entries = node.value
        else:
            problems.add(
                ProblemCode.WRONG_TYPE,
                node.line,
                label or "file",
                f"This should be keys and values, and is {describe(node)}.",
                "Write 'key: value' lines here.",
            )

    @property
    def readable(self) -> bool:
        return bool(self.entries)

    def has(self, key: str) -> bool:
        return key in self.entries

    def path(self, key: str) -> str:
        return f"{self.label}.{key}" if self.label else key

    def line_of(self, key: str) -> int:
        return self.entries[key].line if key in self.entries else self.line

    def fault(self, code: ProblemCode, key: str, cause: str, remedy: str) -> None:
        """Report a problem with one key of this mapping."""
        self.problems.add(code, self.line_of(key), self.path(key), cause, remedy)

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """The node under a key; None, reported when `required`, if it is absent or empty."""
        self._expected.append(key)
        entry = self.entries.get(key)
        if entry is not None and entry.node.value not in (None, ""):
            return entry.node
        if required and self.readable:
            cause = f"'{key}' is empty." if entry else f"'{key}' is missing."
            self.fault(ProblemCode.MISSING_KEY, key, cause, f"Add '{key}: ...' here.")
        return None

    def text(self, key: str, *, required: bool = False) -> str:
        node = self.node(key, required=required)
        if node is None:
            return ""
        if isinstance(node.value, str):
            return node.value.strip()
        self._wrong(key, node, "text", 'Put it in quotes, like "1.0".')
        return ""

    def integer(self, key: str, *, required: bool = False) -> int | None:
        node = self.node(key, required=required)
        if node is None:
            return None
        if isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        self._wrong(key, node, "a whole number", "Write digits only, without quotes.")
        return None

    def number(self, key: str, default: float) -> float:
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            return float(node.value)
        self._wrong(key, node, "a number", "Write digits only, without quotes.")
        return default

    def flag(self, key: str, *, default: bool = False) -> bool:
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node.value, bool):
            return node.value
        self._wrong(key, node, "true or false", "Write true or false, without quotes.")
        return default

    def choice(self, key: str, among: type[E], *, default: E, required: bool = False) -> E:
        """A member of an enum by its value."""
        text = self.text(key, required=required)
        if not text:
            return default
        try:
            return among(text)
        except ValueError:
            allowed = [member.value for member in among]
            self.fault(
                ProblemCode.WRONG_TYPE,
                key,
                f"'{text}' is not a {key}.",
                did_you_mean(text, allowed, always=True),
            )
            return default

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        return tuple(
            value for value in self._list(key, str, "text", 'Put each in quotes, like "65+".', required)
        )

    def integers(self, key: str) -> tuple[int, ...]:
        return tuple(self._list(key, int, "a whole number", "Write digits only, without quotes.", False))

    def numbers(self, key: str, default: tuple[float, ...]) -> tuple[float, ...]:
        found = self._list(key, (int, float), "a number", "Write digits only, without quotes.", False)
        return tuple(float(value) for value in found) or default

    def mapping(self, key: str, *, required: bool = False) -> Fields | None:
        node = self.node(key, required=required)
        return None if node is None else Fields(node, self.path(key), self.problems)

    def each(self, key: str, name: str = "code", *, required: bool = False) -> Iterator[Fields]:
        """The mappings of a list, each labelled by its own `name` key where it has one."""
        node = self.node(key, required=required)
        if node is None:
            return
        if not isinstance(node.value, list):
            self._wrong(key, node, "a list", "Start each entry with '- '.")
            return
        for index, child in enumerate(node.value):
            yield Fields(child, f"{self.path(key)}.{_name(child, name, index)}", self.problems)

    def close(self, *, hint: str = "") -> None:
        """Report every key that nobody asked for."""
        for key in self.entries:
            if key not in self._expected:
                remedy = did_you_mean(key, self._expected)
                self.fault(ProblemCode.UNKNOWN_KEY, key, f"'{key}' is not a key here{hint}.", remedy)

    def _list(self, key: str, kinds: type | tuple[type, ...], what: str, remedy: str, required: bool) -> list:  # type: ignore[type-arg]
        node = self.node(key, required=required)
        if node is None:
            return []
        if not isinstance(node.value, list):
            self._wrong(key, node, "a list", f"Write {key}: [first, second].")
            return []
        good = []
        for child in node.value:
            if isinstance(child.value, kinds) and not isinstance(child.value, bool):
                good.append(child.value)
            else:
                self._wrong(key, child, what, remedy)
        return good

    def _wrong(self, key: str, node: Node, wanted: str, remedy: str) -> None:
        self.problems.add(
            ProblemCode.WRONG_TYPE,
            node.line,
            self.path(key),
            f"'{key}' should be {wanted}, and is {describe(node)}.",
            remedy,
        )


def describe(node: Node) -> str:
    """What a node holds, in words."""
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else f"'{value}'"


def did_you_mean(word: str, known: list[str], *, always: bool = False) -> str:
    """A remedy for a word that is not one of `known`."""
    close = difflib.get_close_matches(word, known, n=1)
    if close and not always:
        return f"Did you mean '{close[0]}'?"
    listed = ", ".join(dict.fromkeys(known))
    start = f"Did you mean '{close[0]}'? " if close else ""
    return f"{start}Use one of: {listed}." if known else "Remove it."


def _name(node: Node, key: str, index: int) -> str:
    if isinstance(node.value, dict) and key in node.value:
        value = node.value[key].node.value
        if isinstance(value, (str, int)):
            return str(value)
    return str(index + 1)
