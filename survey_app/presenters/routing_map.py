"""The routing map: a questionnaire as one drawing, items from top to bottom, and a line from each answer that
decides who is asked what to what it decides.

Each item that decides has one line of its own, in a lane beside the items; a lane is used again where an
earlier line has ended. The page tells the same in a list, so the drawing is never the only way to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from questionnaires.conditions import items_read
from questionnaires.model import Condition, Questionnaire
from survey_app.presenters.print_form import item_numbers

ROW, HEAD, GAP, TOP = 24, 34, 10, 8
TEXT_END, LANE, EDGE = 620, 14, 24  # where the words end, the width of a lane, room beside the last lane
LONGEST = 46  # letters of a question that are shown


@dataclass(frozen=True, slots=True)
class Node:
    """A section's heading or an item. `y` is its middle; `reads`: numbers of the items that decide on it."""

    code: str
    words: str
    number: str  # of an item; "" for a section
    heading: bool
    y: int
    reads: str

    @property
    def top(self) -> int:
        return self.y - (HEAD if self.heading else ROW) // 2


@dataclass(frozen=True, slots=True)
class Line:
    """The line of an item that decides: a trunk at `x` from its row down to the last it decides on."""

    code: str
    number: str
    x: int
    start: int
    ends: tuple[int, ...]

    @property
    def path(self) -> str:
        trunk = f"M{TEXT_END} {self.start}H{self.x}V{self.ends[-1]}"
        return trunk + "".join(f"M{self.x} {end}H{TEXT_END + 8}" for end in self.ends)


@dataclass(frozen=True, slots=True)
class RoutingMap:
    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    width: int
    height: int

    @property
    def text_end(self) -> int:
        return TEXT_END


def routing_map(questionnaire: Questionnaire) -> RoutingMap:
    """The drawing of a questionnaire of any length, in units of one pixel."""
    numbers = item_numbers(questionnaire)
    nodes: list[Node] = []
    decided: dict[str, list[int]] = {}
    y = TOP
    for section in questionnaire.sections:
        y += HEAD
        middle = y - HEAD // 2
        nodes.append(Node(section.code, section.title, "", True, middle, _numbers(section.when, numbers)))
        _decide(decided, section.when, middle)
        for item in section.items:
            y += ROW
            middle = y - ROW // 2
            words = _short(item.text or (item.grid.text if item.grid else ""))
            number = str(numbers.get(item.code, "–"))
            nodes.append(Node(item.code, words, number, False, middle, _numbers(item.when, numbers)))
            _decide(decided, item.when, middle)
        y += GAP
    lines = _lines(nodes, decided)
    widest = max((line.x for line in lines), default=TEXT_END)
    return RoutingMap(tuple(nodes), lines, widest + EDGE, y + TOP)


def _decide(decided: dict[str, list[int]], condition: Condition | None, y: int) -> None:
    for code in dict.fromkeys(items_read(condition) if condition is not None else ()):
        decided.setdefault(code, []).append(y)


def _lines(nodes: Iterable[Node], decided: Mapping[str, list[int]]) -> tuple[Line, ...]:
    """One line per item that decides, each in the first lane that is free where it begins."""
    free: list[int] = []  # where the last line of each lane ends
    found = []
    for node in nodes:
        ends = [] if node.heading else decided.get(node.code, [])
        if not ends:
            continue
        lane = next((n for n, end in enumerate(free) if end < node.y), len(free))
        free[lane : lane + 1] = [max(ends)]
        found.append(Line(node.code, node.number, TEXT_END + EDGE + lane * LANE, node.y, tuple(sorted(ends))))
    return tuple(found)


def _numbers(condition: Condition | None, numbers: Mapping[str, int]) -> str:
    read = items_read(condition) if condition is not None else []
    return ", ".join(str(numbers[code]) for code in dict.fromkeys(read) if code in numbers)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"
