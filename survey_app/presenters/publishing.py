"""Publishing in words: what would be published, what is hidden and why, and what became of releases."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey_app.presenters import dates, modes, phrases
from survey_app.services.keying import Wave
from survey_app.services.proposals import MOST_RESPONSES, Proposal
from survey_app.services.released import Published, State

INPUTS: Mapping[str, object] = {
    "snapshot": _l("the answers counted"),
    "questionnaire": _l("the questionnaire"),
    "framework": _l("the framework"),
    "areas": _l("the areas"),
    "margins": _l("the population that answers are weighted to"),
    "comments": _l("the reviewed comments"),
    "policy": _l("the disclosure policy"),
    "code": _l("the program"),
}

BECAME: Mapping[str, object] = {
    "made": _l("published for the first time"),
    "gone": _l("not published any more"),
    "changed": _l("made anew"),
}

MOST_MOVED = 30  # moves listed on the page, the largest in their own interval first


@dataclass(frozen=True, slots=True)
class WaveRow:
    slug: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its heading and its cells."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What would move. figures: how many moved, appeared ... in words."""

    before: int
    figures: tuple[Row, ...]
    why: tuple[str, ...]
    moved: Table
    left_out: int  # moves that the table has no room for


@dataclass(frozen=True, slots=True)
class ProposalPage:
    number: int
    digest: str
    worked_out: str
    responses: str
    modes: Table
    weighting: tuple[str, ...]
    margins: tuple[tuple[str, Table], ...]
    collapsed: tuple[str, ...]
    shown: str
    standing: str
    hidden: str
    reasons: Table
    hidden_by_area: Table
    hidden_by_indicator: Table
    notes: tuple[str, ...]
    change: Change | None


def waves(found: Sequence[Wave], held: Sequence[Published], language: str) -> list[WaveRow]:
    """Every wave with what readers see of it."""
    return [
        WaveRow(wave.slug, wave.title, _standing([each for each in held if each.wave == wave.slug], language))
        for wave in found
    ]


def _standing(held: Sequence[Published], language: str) -> str:
    if not held:
        return _("Nothing published yet")
    current = next((each for each in held if each.state is State.CURRENT), None)
    if current is None:
        return _("Every release was withdrawn")
    day = dates.local_day(current.published_at, language)
    return _("Release %(number)s of %(day)s", number=current.number, day=day)


def too_large() -> str:
    return _(
        "This wave has more than %(count)s responses. Publish it on the server’s command line.",
        count=phrases.whole(MOST_RESPONSES),
    )


def proposal(held: Proposal, language: str) -> ProposalPage:
    """Everything a manager should know before publishing. Exact, so never for readers."""
    document, report = json.loads(held.publication.document), held.report
    names = {area["code"]: area["name"] for area in document["areas"]}
    titles = {indicator["code"]: indicator["title"] for indicator in document["indicators"]}
    hidden = report["hidden"]
    return ProposalPage(
        number=held.publication.number,
        digest=held.publication.digest,
        worked_out=f"{dates.local_day(held.created, language)}, {dates.clock(held.created, language)}",
        responses=phrases.whole(report["responses"]),
        modes=_modes(report),
        weighting=tuple(_weighting(report)),
        margins=tuple(margins(report["weighting"], names)),
        collapsed=tuple(report["collapsed"]),
        shown=phrases.whole(report["shown"]),
        standing=phrases.whole(len(report["standing"])),
        hidden=phrases.whole(len(hidden)),
        reasons=_counted(_("Why"), (each["why"] for each in hidden)),
        hidden_by_area=_crossed(_("Place"), hidden, lambda each: names.get(each["area"], each["area"])),
        hidden_by_indicator=_crossed(
            _("Indicator"), hidden, lambda each: titles.get(each["indicator"], each["indicator"])
        ),
        notes=tuple(report["notes"]),
        change=_change(held.since, names, titles) if held.since else None,
    )


def _modes(report: Mapping[str, Any]) -> Table:
    total = report["responses"] or 1
    rows = (
        Row(modes.name(mode), (phrases.whole(count), _percent(count / total)))
        for mode, count in sorted(report["modes"].items(), key=lambda pair: -pair[1])
    )
    return Table((_("How it was answered"), _("Responses"), _("Share")), tuple(rows))


def _weighting(report: Mapping[str, Any]) -> Iterable[str]:
    if report["design_effect"] is None:
        yield _("Nothing is weighted: too few answered.")
        return
    yield _(
        "Design effect %(effect)s: the answers are worth %(equal)s equal ones.",
        effect=phrases.decimal(report["design_effect"], 2),
        equal=phrases.whole(round(report["effective_n"])),
    )
    yield _(
        "The largest weight is %(times)s times the mean.", times=phrases.decimal(report["largest_weight"])
    )


def margins(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Iterable[tuple[str, Table]]:
    """Each margin that answers are weighted to. names: of areas, by code."""
    heads = (_("Level"), _("Answered"), _("Weighted"), _("Population"))
    for margin in dict.fromkeys(str(row["margin"]) for row in rows):
        yield (
            phrases.level(margin).lower() if margin in phrases.LEVELS else _spoken(margin),
            Table(
                heads,
                tuple(
                    Row(
                        names.get(str(row["level"])) or _spoken(str(row["level"])) or _("Not stated"),
                        (
                            _percent(row["unweighted_share"]),
                            _percent(row["weighted_share"]),
                            _percent(row["target_share"]) if row["level"] else "–",
                        ),
                    )
                    for row in rows
                    if row["margin"] == margin
                ),
            ),
        )


def _spoken(code: str) -> str:
    """A code of a questionnaire's margins without the marks that codes need."""
    return code.replace("_", " ")


def _counted(head: str, reasons: Iterable[str]) -> Table:
    rows = (Row(why, (phrases.whole(count),)) for why, count in Counter(reasons).most_common())
    return Table((head, _("Figures")), tuple(rows))


def _crossed(
    head: str, hidden: Sequence[Mapping[str, Any]], named: Callable[[Mapping[str, Any]], str]
) -> Table:
    """How many figures are hidden by name and reason."""
    reasons = [why for why, _count in Counter(each["why"] for each in hidden).most_common()]
    counts = Counter((named(each), each["why"]) for each in hidden)
    rows = (
        Row(name, tuple(phrases.whole(counts[name, why]) for why in reasons))
        for name in sorted({name for name, _why in counts})
    )
    return Table((head, *reasons), tuple(rows))


def _change(since: Mapping[str, Any], names: Mapping[str, str], titles: Mapping[str, str]) -> Change:
    moved = sorted(since["moved"], key=lambda each: (not each["beyond"], each["indicator"], each["area"]))
    figures = [
        (_("Moved"), len(moved)),
        (_("Moved beyond the interval given before"), sum(each["beyond"] for each in moved)),
        (_("Shown for the first time"), len(since["appeared"])),
        (_("Hidden now"), len(since["hidden"])),
        (_("Same value, another interval, base, grade or score"), len(since["regraded"])),
        (_("The same"), since["unchanged"]),
        (_("Standing as an earlier release gave them"), since["standing"]),
        (_("National figures that differ"), since["national"]),
    ]
    rows = [Row(name, (phrases.whole(count),)) for name, count in figures if count]
    for name, became in (
        (_("Answers by group and by option"), since["breakdowns"]),
        (_("Ways of answering compared"), since["modes"]),
        (_("Comments"), since["comments"]),
    ):
        if became in BECAME:
            rows.append(Row(name, (str(BECAME[became]),)))
    return Change(
        before=since["before"],
        figures=tuple(rows),
        why=tuple(_input(each) for each in since["inputs"]),
        moved=Table(
            (_("Indicator and place"), _("Was"), _("Would be")),
            tuple(
                Row(
                    f"{titles.get(each['indicator'], each['indicator'])}, "
                    f"{names.get(each['area'], each['area'])}",
                    (f"{each['before']:g}", f"{each['after']:g}"),
                )
                for each in moved[:MOST_MOVED]
            ),
        ),
        left_out=max(0, len(moved) - MOST_MOVED),
    )


def _input(each: Mapping[str, Any]) -> str:
    words = INPUTS.get(each["name"], each["words"])
    if each["how"] == "added":
        return _("%(input)s: added", input=words)
    if each["how"] == "gone":
        return _("%(input)s: no longer there", input=words)
    return _("%(input)s: changed", input=words)


def _percent(share: float) -> str:
    return phrases.percent(100 * share, 1)
