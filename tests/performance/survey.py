"""A survey of 25 of the library's questions, to measure with: by section, and by question."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from questionnaires import loading
from tests.server import command

CORE, VERSION, ITEMS = "thriving-places-core", "1.0", 25
MODES = ("section", "question")
DISTRICT = "E07000070"


def library(folder: Path) -> Path:
    """A library of the shipped questionnaires and of `bench-section` and `bench-question`, made here."""
    shutil.copytree(loading.LIBRARY, folder)
    for mode in MODES:
        file = folder / f"bench-{mode}" / "1.0" / "questionnaire.yaml"
        file.parent.mkdir(parents=True)
        yaml = YAML(typ="safe", pure=True)
        with file.open("w", encoding="utf-8") as output:
            yaml.dump(_cut(loading.find(loading.LIBRARY, CORE, VERSION), mode), output)
    return folder


def _cut(path: Path, mode: str) -> dict[str, Any]:
    """Sections as they are, those that ask everyone, until there are 25 questions."""
    document: dict[str, Any] = YAML(typ="safe", pure=True).load(path)
    sections, left = [], ITEMS
    for section in document["sections"]:
        items = [_plain(item) for item in section["items"] if "when" not in item][:left]
        if items and "when" not in section:
            sections.append({**section, "items": items})
            left -= len(items)
    return {
        **{key: document[key] for key in ("format", "language", "framework", "introduction", "licence")},
        "id": f"bench-{mode}",
        "version": "1.0",
        "title": "Measured",
        "one_per": mode,
        "sections": sections,
    }


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    """An item without its margin: the cut survey weights by none."""
    options = [
        {key: value for key, value in option.items() if key != "level"} for option in item.get("options", [])
    ]
    plain = {key: value for key, value in item.items() if key != "margin"}
    if plain["purpose"] == "weighting":
        plain["purpose"] = "equality"
    return {**plain, "options": options} if options else plain


def open_waves(environment: Mapping[str, str]) -> None:
    """A wave of each, open today, in one district of the demonstration."""
    today = date.today()
    for mode in MODES:
        days = [str(today - timedelta(days=1)), str(today + timedelta(days=1))]
        command(
            environment,
            *("waves", "create", f"bench-{mode}", "--title", "Measured", "--version", "1.0"),
            *("--questionnaire", f"bench-{mode}", "--opens", days[0], "--closes", days[1]),
            *("--area", DISTRICT),
        )
        command(environment, "waves", "open", f"bench-{mode}")
