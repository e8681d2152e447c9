"""YAML text as plain values that remember their line. Syntax errors and repeated keys are problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from questionnaires.problems import ProblemCode, Problems

DEEPEST = 40  # no file a person writes nests deeper; an alias that contains itself does

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping, on its own line, and what it holds."""

    line: int
    node: Node


@dataclass(frozen=True, slots=True)
class Node:
    """A value and the line (from 1) on which it starts."""

    line: int
    value: Scalar | list[Node] | Mapping[str, Entry]


def parse(text: str, problems: Problems) -> Node | None:
    """The document in `text`; None when it is not YAML at all, with the reason added to `problems`."""
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
    except (YAMLError, ValueError) as error:
        _syntax(error, problems)
        return None
    if root is None:
        problems.add(ProblemCode.NOT_YAML, 1, "file", "The file is empty.", "Write a questionnaire in it.")
        return None
    return _Reader(yaml.constructor, problems).node(root, "", 0)


def _syntax(error: Exception, problems: Problems) -> None:
    line = 1
    cause = str(error).splitlines()[0]
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        cause = " ".join(part for part in (error.context, error.problem) if part)
    problems.add(
        ProblemCode.NOT_YAML,
        line,
        "file",
        f"This is not valid YAML: {cause}.",
        "Check the indentation here and just above, and put text with a colon in it in quotes.",
    )


class _Reader:
    """Turns composed YAML into nodes. An alias is read once, however often it is used."""

    def __init__(self, make: SafeConstructor, problems: Problems):
        self.make = make
        self.problems = problems
        self.done: dict[int, Node] = {}

    def node(self, raw: YamlNode, path: str, depth: int) -> Node:
        if id(raw) not in self.done:
            self.done[id(raw)] = self._fresh(raw, path, depth)
        return self.done[id(raw)]

    def _fresh(self, raw: YamlNode, path: str, depth: int) -> Node:
        line = raw.start_mark.line + 1
        if depth > DEEPEST:
            self.problems.add(
                ProblemCode.NOT_YAML,
                line,
                path.split(".")[0].split("[")[0],
                f"This is nested more than {DEEPEST} deep.",
                "Check for an alias (*name) inside the very thing it repeats.",
            )
            return Node(line, None)
        if isinstance(raw, MappingNode):
            return Node(line, self._mapping(raw, path, depth))
        if isinstance(raw, SequenceNode):
            children = enumerate(raw.value)
            return Node(line, [self.node(child, f"{path}[{i}]", depth + 1) for i, child in children])
        try:
            value = self.make.construct_object(raw)
        except (YAMLError, ValueError):
            value = raw.value
        known = isinstance(value, (str, int, float, bool, type(None)))
        return Node(line, value if known else str(raw.value))  # a date stays the text that was written

    def _mapping(self, raw: MappingNode, path: str, depth: int) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for key_node, value_node in raw.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            where = f"{path}.{key}" if path else key
            if key in entries:
                self.problems.add(
                    ProblemCode.DUPLICATE_KEY,
                    line,
                    where,
                    f"The key '{key}' is written twice; the first is on line {entries[key].line}.",
                    "Keep one of the two.",
                )
                continue
            entries[key] = Entry(line, self.node(value_node, where, depth + 1))
        return entries
