"""What stands in the way of taking a translators' file in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class ExchangeProblem:
    place: str  # the file, and the message in it
    cause: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.cause} {self.remedy}"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class ExchangeRefusedError(Exception):
    """The file is not taken in; `problems` says everything that is wrong with it."""

    def __init__(self, problems: Sequence[ExchangeProblem]):
        self.problems = list(problems)
        super().__init__("\n".join(map(str, problems)))
