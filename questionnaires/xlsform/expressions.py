"""The part of XPath that forms are written in, as a tree. Nothing is worked out here."""

from __future__ import annotations

import re
from dataclasses import dataclass

DEEPEST = 60
LONGEST = 1000  # tokens
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<text>'[^']*'|\"[^\"]*\"|‘[^’]*’|“[^”]*”)"
    r"|\$\{\s*(?P<ref>[^}\s]+)\s*\}|(?P<op><=|>=|!=|[=<>+\-*,()])"
    r"|(?P<self>\.(?![.\w/]))|(?P<name>[A-Za-z_][\w.:-]*))"
)
LEVELS = ({"or"}, {"and"}, {"=", "!="}, {"<", "<=", ">", ">="}, {"+", "-"}, {"*", "div", "mod"})
SELF = "."


class UnsaidError(Exception):
    """Something a form says that a questionnaire cannot; the message says what, as a sentence."""


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Ref:
    """The answer to a question; SELF is the one the expression belongs to."""

    name: str


@dataclass(frozen=True, slots=True)
class Name:
    """A bare word: a column of the choices sheet, in a choice filter."""

    value: str


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Tree
    right: Tree


Tree = Number | Text | Ref | Name | Call | Binary


def parse(written: str) -> Tree:
    """The tree of an expression. Raises UnsaidError when it is not one, or uses what is not read here."""
    tokens = _tokens(written)
    if len(tokens) > LONGEST:
        raise UnsaidError("The expression is too long to read.")
    parser = _Parser(tokens)
    tree = parser.level(0, 0)
    if parser.ahead is not None:
        raise UnsaidError(f"The expression cannot be read from '{parser.ahead[1]}' on.")
    return tree


def _tokens(written: str) -> list[tuple[str, str]]:
    found = []
    position, end = 0, len(written.rstrip())
    while position < end:
        match = TOKEN.match(written, position)
        if match is None or match.end() == position:
            raise UnsaidError(f"The expression cannot be read from '{written[position:].strip()[:30]}' on.")
        kind = match.lastgroup or ""
        text = match[kind]
        found.append((kind, text[1:-1] if kind == "text" else text))
        position = match.end()
    return found


class _Parser:
    """Recursive descent over precedence levels."""

    def __init__(self, tokens: list[tuple[str, str]]):
        self.tokens = tokens
        self.position = 0

    @property
    def ahead(self) -> tuple[str, str] | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def level(self, number: int, depth: int) -> Tree:
        if depth > DEEPEST:
            raise UnsaidError("The expression is nested too deeply.")
        if number == len(LEVELS):
            return self._primary(depth)
        tree = self.level(number + 1, depth)
        while self.ahead is not None and self.ahead[0] in ("op", "name") and self.ahead[1] in LEVELS[number]:
            operator = self._take()[1]
            tree = Binary(operator, tree, self.level(number + 1, depth))
        return tree

    def _take(self) -> tuple[str, str]:
        token = self.ahead
        if token is None:
            raise UnsaidError("The expression ends too early.")
        self.position += 1
        return token

    def _primary(self, depth: int) -> Tree:
        kind, text = self._take()
        if kind == "number":
            return Number(float(text))
        if kind == "text":
            return Text(text)
        if kind == "ref":
            return Ref(text)
        if kind == "self":
            return Ref(SELF)
        if kind == "name":
            if self.ahead == ("op", "("):
                return Call(text, self._arguments(depth))
            return Name(text)
        if text == "(":
            tree = self.level(0, depth + 1)
            self._expect(")")
            return tree
        if text == "-":
            inner = self._primary(depth + 1)
            return Number(-inner.value) if isinstance(inner, Number) else Binary("-", Number(0), inner)
        raise UnsaidError(f"The expression cannot be read at '{text}'.")

    def _arguments(self, depth: int) -> tuple[Tree, ...]:
        self._expect("(")
        found: list[Tree] = []
        while self.ahead != ("op", ")"):
            if found:
                self._expect(",")
            found.append(self.level(0, depth + 1))
        self._expect(")")
        return tuple(found)

    def _expect(self, text: str) -> None:
        if self._take() != ("op", text):
            raise UnsaidError(f"The expression lacks '{text}'.")


def refs(tree: Tree) -> set[str]:
    """Names of the questions an expression reads."""
    if isinstance(tree, Ref):
        return {tree.name}
    if isinstance(tree, Call):
        return set().union(*(refs(part) for part in tree.arguments))
    if isinstance(tree, Binary):
        return refs(tree.left) | refs(tree.right)
    return set()
