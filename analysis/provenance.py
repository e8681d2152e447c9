"""What a release was made from: a digest of every input and of the code, so that it can be made again
and checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from analysis.areas import AreaSet
from analysis.margins import PopulationMargins
from analysis.national import NationalLayer
from questionnaires.framework import Framework
from questionnaires.model import Questionnaire

DISTRIBUTION = "hereabouts"


def of_value(value: Any) -> str:
    """SHA-256 of a value as canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def of_areas(areas: AreaSet) -> str:
    return of_value([asdict(area) for area in sorted(areas, key=lambda a: a.code)])


def of_margins(margins: PopulationMargins) -> str:
    return of_value(sorted((m.area, m.margin, m.level, m.count) for m in margins.counts))


def of_layer(layer: NationalLayer) -> str:
    values = sorted((area, indicator, value) for (area, indicator), value in layer.values.items())
    yardsticks = {name: asdict(yardstick) for name, yardstick in layer.yardsticks.items()}
    return of_value([layer.id, values, yardsticks, *([dict(layer.periods)] if layer.periods else [])])


def of_questionnaire(questionnaire: Questionnaire) -> str:
    """The digest of its file, or of its content when it was made in memory."""
    return questionnaire.digest or of_value(asdict(questionnaire))


def of_framework(framework: Framework) -> str:
    """The digest of its file, or of its content when it was made in memory."""
    return framework.digest or of_value(asdict(framework))


INDICATOR = "indicator:"


def of_indicators(framework: Framework) -> dict[str, str]:
    """The digest of each bespoke indicator of the framework, as `indicator:<code>`."""
    return {
        f"{INDICATOR}{indicator.code}": indicator.digest or of_value(asdict(indicator))
        for _, _, _, indicator in framework.indicators()
        if indicator.made_by
    }


@cache
def code_version() -> str:
    """The installed version of the package and a digest of the analysis code itself."""
    try:
        installed = version(DISTRIBUTION)
    except PackageNotFoundError:
        installed = "not installed"
    return f"{installed}+{_of_files(sorted(Path(__file__).parent.rglob('*.py')))[:16]}"


def _of_files(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    root = Path(__file__).parent
    for path in paths:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
