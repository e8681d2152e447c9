"""The answers of several questionnaire versions as one table: which columns are the same.

A column keeps its plain name where every version that has it is comparable (`comparison`). Where they are
not, each gets the version behind an @: `mood@1.0` and `mood@1.1` cannot be added up by mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from questionnaires import answering, comparison
from questionnaires.comparison import Compared, Verdict
from questionnaires.kinds import KINDS
from questionnaires.model import Item, Questionnaire, Score

TOGETHER = frozenset({Verdict.COMPARABLE, Verdict.CARE})
Version = tuple[str, str]  # id and version of a questionnaire


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table. `sources`: its name in the rows of each version that has it."""

    name: str
    code: str  # of the item or score
    item: Item | Score
    sources: dict[Version, str]
    option: int | None = None  # of a column about one option: ticked or not, or its rank
    words: bool = False  # holds what people wrote, not codes
    notes: tuple[str, ...] = ()  # what changed between its versions, where that calls for care


@dataclass(slots=True)
class _Family:
    """Versions in which a code means the same."""

    first: Questionnaire
    members: list[Questionnaire] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def columns(questionnaires: Sequence[Questionnaire], *, words: bool = False) -> list[Column]:
    """The columns of all these versions, in the order asked; what people wrote only with `words`."""
    versions = {(q.id, q.version): q for q in questionnaires}
    compared: dict[tuple[Version, Version], dict[str, Compared]] = {}
    families: dict[str, list[_Family]] = {}
    for questionnaire in versions.values():
        for code in _codes(questionnaire):
            _place(families.setdefault(code, []), questionnaire, code, compared)
    found: list[Column] = []
    for code, each in families.items():
        for family in each:
            suffix = "" if len(each) == 1 else _suffix(family.first, each)
            found += [column for column in _columns(code, family, suffix) if words or not column.words]
    return found


def _codes(questionnaire: Questionnaire) -> Iterator[str]:
    yield from (item.code for item in answering.kept_items(questionnaire))
    yield from (score.code for score in questionnaire.scores)


def _place(
    families: list[_Family],
    questionnaire: Questionnaire,
    code: str,
    compared: dict[tuple[Version, Version], dict[str, Compared]],
) -> None:
    for family in families:
        pair = (_version(family.first), _version(questionnaire))
        if pair not in compared:
            compared[pair] = {each.code: each for each in comparison.verdicts(family.first, questionnaire)}
        verdict = compared[pair][code]
        if verdict.verdict in TOGETHER:
            family.members.append(questionnaire)
            family.notes += [
                f"{questionnaire.version}: {change.detail}"
                for change in verdict.changes
                if change.verdict is Verdict.CARE
            ]
            return
    families.append(_Family(questionnaire, [questionnaire]))


def _suffix(first: Questionnaire, families: Sequence[_Family]) -> str:
    alone = len({family.first.id for family in families}) == 1
    return f"@{first.version}" if alone else f"@{first.id}-{first.version}"


def _columns(code: str, family: _Family, suffix: str) -> Iterator[Column]:
    notes, members = tuple(family.notes), [_version(each) for each in family.members]
    score = next((score for score in family.first.scores if score.code == code), None)
    if score is not None:
        yield Column(code + suffix, code, score, dict.fromkeys(members, code), notes=notes)
        return
    item = family.first.item(code)
    names = KINDS[item.kind].columns(item)
    options = {f"{item.code}__{option.code}": option.code for option in item.options}
    for name in names:
        yield Column(name + suffix, code, item, dict.fromkeys(members, name), options.get(name), notes=notes)
    for name in _written(item, names):
        yield Column(name + suffix, code, item, dict.fromkeys(members, name), words=True, notes=notes)


def _written(item: Item, names: tuple[str, ...]) -> Iterator[str]:
    """Names under which a finished response holds words a person wrote for the item."""
    if not names:
        yield item.code
    if item.other is not None:
        yield answering.other_name(item)


def _version(questionnaire: Questionnaire) -> Version:
    return questionnaire.id, questionnaire.version
