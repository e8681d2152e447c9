"""What a manager looks at before publishing, in words and names rather than codes."""

from __future__ import annotations

from flask import Flask

from survey_app.presenters import publishing


def share(margin: str, level: str) -> dict[str, object]:
    shares = {"unweighted_share": 0.5, "weighted_share": 0.25, "target_share": 0.25}
    return {"margin": margin, "level": level, **shares}


def test_margins_and_their_levels_are_called_by_their_names(pages: Flask) -> None:
    rows = [
        share("lad", "E07000070"),
        share("lad", ""),
        share("ethnic_group", "white"),
        share("tenure", "social_rented"),
    ]
    found = list(publishing.margins(rows, {"E07000070": "Chelmsford"}))
    assert [(name, [row.name for row in table.rows]) for name, table in found] == [
        ("district", ["Chelmsford", "Not stated"]),
        ("ethnic group", ["white"]),
        ("tenure", ["social rented"]),
    ]
    assert [row.cells for row in dict(found)["district"].rows] == [
        ("50.0%", "25.0%", "25.0%"),
        ("50.0%", "25.0%", "–"),
    ]
