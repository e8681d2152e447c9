"""Which columns of a table of counts make up each level of each population margin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from survey_app.services.imports.problems import Findings

FOLDER = Path(__file__).parent
KEYS = {"source", "margins", "totals"}
FORM = "Write margins:, then each margin, then each level with a list of columns."


@dataclass(frozen=True, slots=True)
class MarginMapping:
    """margins: margin -> level -> columns to add up. totals: a margin's own total, to check them by."""

    margins: dict[str, dict[str, tuple[str, ...]]]
    totals: dict[str, str] = field(default_factory=dict)
    source: str = ""

    @property
    def columns(self) -> list[str]:
        """Every column named, once."""
        named = [each for levels in self.margins.values() for columns in levels.values() for each in columns]
        return list(dict.fromkeys([*named, *self.totals.values()]))


def presets() -> list[str]:
    """The mappings that come with the product, for the column names of public files."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def preset(name: str) -> MarginMapping:
    """A mapping that comes with the product. Raises KeyError when there is none of that name."""
    if name not in presets():
        raise KeyError(name)
    return from_file(FOLDER / f"{name}.yaml")


def from_file(path: Path) -> MarginMapping:
    """A mapping in a YAML file. Raises ImportRefusedError with everything that is wrong with it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    findings = Findings(path.name)
    try:
        document = YAML(typ="safe").load(path)
    except (YAMLError, UnicodeDecodeError) as error:
        findings.add(0, "", f"This cannot be read as YAML: {error}.", FORM)
        document = {}
    mapping = _mapping(document, findings)
    findings.refuse_if_any()
    return mapping


def from_options(options: Iterable[str]) -> MarginMapping:
    """A mapping from options such as "age:16-24=age6_16_24" or "tenure:owned=ts_owned+ts_shared".

    Raises ImportRefusedError with every option that is not so.
    """
    findings = Findings("--map")
    margins: dict[str, dict[str, tuple[str, ...]]] = {}
    for text in options:
        place, _, columns = text.partition("=")
        margin, _, level = place.partition(":")
        if not (margin and level and columns):
            findings.add(0, "", f"{text!r} cannot be read.", "Write MARGIN:LEVEL=COLUMN, or COLUMN+COLUMN.")
        elif level in margins.setdefault(margin, {}):
            findings.add(0, "", f"{place} is given twice.", "Add columns with +.")
        else:
            margins[margin][level] = tuple(columns.split("+"))
    _report_repeats(margins, findings)
    findings.refuse_if_any()
    return MarginMapping(margins)


def _mapping(document: Any, findings: Findings) -> MarginMapping:
    if not isinstance(document, dict) or not isinstance(document.get("margins"), dict):
        if not findings:
            findings.add(0, "margins", "There are no margins.", FORM)
        return MarginMapping({})
    for key in sorted(set(document) - KEYS):
        findings.add(0, str(key), "This key is not known.", f"Use only {', '.join(sorted(KEYS))}.")
    margins: dict[str, dict[str, tuple[str, ...]]] = {}
    for margin, levels in document["margins"].items():
        if not isinstance(levels, dict) or not levels:
            findings.add(0, str(margin), "The margin has no levels.", FORM)
            continue
        margins[str(margin)] = {
            str(level): _columns(f"{margin}:{level}", columns, findings) for level, columns in levels.items()
        }
    totals = document.get("totals") or {}
    for margin in sorted(set(map(str, totals)) - set(margins)):
        findings.add(0, f"totals: {margin}", "There is no such margin.", "Name a margin given under margins.")
    _report_repeats(margins, findings)
    return MarginMapping(
        margins, {str(k): str(v) for k, v in totals.items()}, str(document.get("source") or "")
    )


def _columns(place: str, columns: Any, findings: Findings) -> tuple[str, ...]:
    listed = [columns] if isinstance(columns, str) else columns
    if not isinstance(listed, list) or not listed or not all(isinstance(each, str) for each in listed):
        findings.add(0, place, f"{columns!r} is not a list of columns.", "Write [column, column].")
        return ()
    return tuple(listed)


def _report_repeats(margins: dict[str, dict[str, tuple[str, ...]]], findings: Findings) -> None:
    """A column counted twice in one margin would count its people twice."""
    for margin, levels in margins.items():
        times = Counter(each for columns in levels.values() for each in columns)
        for column in sorted(each for each, number in times.items() if number > 1):
            findings.add(
                0, margin, f"{column} is counted more than once.", "Name each column once in a margin."
            )
