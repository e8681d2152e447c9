"""Problems found in files people write: collected, never raised one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum


class ProblemCode(StrEnum):
    """Stable names for each kind of fault, so that scripts and documentation can refer to them."""

    NOT_YAML = "not-yaml"
    MISSING_FILE = "missing-file"
    UNKNOWN_KEY = "unknown-key"
    MISSING_KEY = "missing-key"
    WRONG_TYPE = "wrong-type"
    BAD_CODE = "bad-code"
    DUPLICATE_CODE = "duplicate-code"
    DUPLICATE_KEY = "duplicate-key"
    UNKNOWN_KIND = "unknown-kind"
    UNKNOWN_ITEM = "unknown-item"
    UNKNOWN_OPTION = "unknown-option"
    UNKNOWN_SUBDOMAIN = "unknown-subdomain"
    UNKNOWN_FRAMEWORK = "unknown-framework"
    UNKNOWN_QUESTIONNAIRE = "unknown-questionnaire"
    LATER_ITEM = "later-item"
    MISSING_PURPOSE = "missing-purpose"
    MISSING_SOURCE = "missing-source"
    TOO_FEW_OPTIONS = "too-few-options"
    BAD_RANGE = "bad-range"
    BAD_OPTIONS = "bad-options"
    BAD_CONDITION = "bad-condition"
    BAD_MARGIN = "bad-margin"
    BAD_SCORE = "bad-score"
    BAD_INDICATOR = "bad-indicator"
    UNTRANSLATED = "untranslated"
    FROZEN = "frozen"  # changed after it was frozen
    BAD_CHECK = "bad-check"
    BAD_COMPUTE = "bad-compute"
    BAD_GRID = "bad-grid"
    BAD_PIPING = "bad-piping"
    BAD_MEDIA = "bad-media"
    UNKNOWN_TERM = "unknown-term"
    UNKNOWN_SYMBOL = "unknown-symbol"
    UNREACHABLE = "unreachable"
    LOOP = "loop"
    MISFILED = "misfiled"  # the folder's name and the file's id or version disagree


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a file: where it is, what is wrong and what to do about it."""

    code: ProblemCode
    file: str
    line: int
    key: str
    cause: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.cause} {self.remedy} [{self.code.value}]"

    def as_dict(self) -> dict[str, str | int]:
        return {**asdict(self), "code": self.code.value}


@dataclass(slots=True)
class Problems:
    """A growing list of problems in one file."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def add(self, code: ProblemCode, line: int, key: str, cause: str, remedy: str) -> None:
        """Add a problem once, also where several rows of a grid share what is wrong."""
        if not any(same.line == line and (same.code, same.cause) == (code, cause) for same in self.found):
            self.found.append(Problem(code, self.file, line, key, cause, remedy))

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self.found, key=lambda p: (p.line, p.key)))

    def __bool__(self) -> bool:
        return bool(self.found)


class FileRefusedError(Exception):
    """A file could not be accepted; `problems` says every reason, in order of place."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(str(p) for p in problems))
