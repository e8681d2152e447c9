from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from questionnaires import loading
from questionnaires.model import Questionnaire
from questionnaires.problems import FileRefusedError, Problem

HERE = Path(__file__).parent
HEADER = """\
format: 1
id: test-survey
version: "1"
title: Test survey
language: en
framework: tiny
"""
MARK = re.compile(r"# <- ([a-z ,-]+)$")

Marked = set[tuple[int, str]]


@pytest.fixture
def examples() -> Path:
    """One tiny questionnaire per kind of item."""
    return HERE / "examples"


@pytest.fixture
def frameworks() -> Path:
    return HERE / "frameworks"


@pytest.fixture
def load_text(tmp_path: Path, frameworks: Path) -> Callable[[str], Questionnaire]:
    """A questionnaire from the text below its header."""

    def load(body: str, header: str = HEADER) -> Questionnaire:
        path = tmp_path / "questionnaire.yaml"
        path.write_text(header + body, encoding="utf-8")
        return loading.load(path, frameworks)

    return load


@pytest.fixture
def problems_of(load_text: Callable[..., Questionnaire]) -> Callable[..., list[Problem]]:
    """Every problem in a questionnaire given as text; empty when it is good."""

    def problems(body: str, header: str = HEADER) -> list[Problem]:
        try:
            load_text(body, header)
        except FileRefusedError as refusal:
            return refusal.problems
        return []

    return problems


@pytest.fixture
def marked() -> Callable[[str], Marked]:
    """Line and code of each `# <- code` a text is marked with."""

    def find(text: str) -> Marked:
        return {
            (number, code.strip())
            for number, line in enumerate(text.splitlines(), 1)
            if (mark := MARK.search(line))
            for code in mark[1].split(",")
        }

    return find
