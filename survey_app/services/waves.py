"""Waves: made, opened with their questionnaire frozen, extended, closed. Every step is audited."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlmodel import Session

from questionnaires.model import Questionnaire
from survey_app.services import signals
from survey_app.services.translations import completeness, editing
from survey_app.services.translations.completeness import Lacking
from survey_app.store import areas, audit, margins, responses
from survey_app.store import waves as store
from survey_app.tables import Wave

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
LONGEST_REASON = 200  # characters
DRAFTS_KEPT = timedelta(days=28)  # as long as late paper is taken


class WaveRefusedError(Exception):
    """The wave cannot be made or changed so; `reasons` says everything that stands in the way."""

    def __init__(self, reasons: Sequence[str]):
        self.reasons = list(reasons)
        super().__init__("\n".join(reasons))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWave:
    """What a manager decides about a wave."""

    slug: str  # in the address: /s/<slug>
    title: str
    opens_on: date
    closes_on: date
    area_codes: tuple[str, ...]  # none means everywhere
    languages: tuple[str, ...] = ()  # none means all of the questionnaire's
    place_level: str = "ward"  # what a resident without a postcode picks from
    published_levels: tuple[str, ...] = ("ward", "lad")
    results_on: date | None = None  # planned; residents can withdraw until it has passed


def create(session: Session, new: NewWave, questionnaire: Questionnaire, *, actor: str) -> Wave:
    """Store a wave as a draft. Raises WaveRefusedError with every reason why it cannot be."""
    languages = new.languages or _languages(questionnaire)
    reasons = [
        *_slug_reasons(session, new.slug),
        *_date_reasons(new.opens_on, new.closes_on),
        *_results_reasons(new.results_on, new.closes_on),
        *_area_reasons(session, new),
        *(
            f"The questionnaire is not in {language!r}, only in {', '.join(_languages(questionnaire))}."
            for language in languages
            if language not in _languages(questionnaire)
        ),
    ]
    if not new.title.strip():
        reasons.append("The wave has no title. Give it one that residents will understand.")
    if reasons:
        raise WaveRefusedError(reasons)
    wave = store.add(
        session,
        Wave(
            slug=new.slug,
            title=new.title.strip(),
            questionnaire_id=questionnaire.id,
            questionnaire_version=questionnaire.version,
            opens_on=new.opens_on,
            closes_on=new.closes_on,
            languages=list(languages),
            area_codes=list(new.area_codes),
            place_level=new.place_level,
            published_levels=list(new.published_levels),
            results_on=new.results_on,
        ),
    )
    _record(session, actor, "wave.create", wave, questionnaire=f"{questionnaire.id} {questionnaire.version}")
    return wave


def open_wave(
    session: Session,
    wave: Wave,
    questionnaire: Questionnaire,
    *,
    untranslated: Mapping[str, Lacking],
    today: date,
    actor: str,
    allow_incomplete: Sequence[str] = (),
    because: str = "",
) -> list[str]:
    """Let the wave take answers between its dates, and freeze the questionnaire version it asks.

    untranslated: what each language lacks of what residents read. Refused while anything is missing, except
    in the languages of `allow_incomplete`: that, and why (`because`), is kept with the wave and audited.
    Returns warnings: margins the questionnaire weights on that have no data for these areas. Raises
    WaveRefusedError with every reason.
    """
    lacking = {each: untranslated[each] for each in wave.languages if untranslated.get(each)}
    reasons = [
        *_status_reasons(wave, today),
        *_digest_reasons(session, wave, questionnaire),
        *_language_reasons(lacking, allow_incomplete, because),
    ]
    if reasons:
        raise WaveRefusedError(reasons)
    first = not wave.questionnaire_digest
    wave.questionnaire_digest = questionnaire.digest
    wave.status = "open"
    wave.incomplete = {
        language: {"questionnaire": short.questionnaire, "interface": short.interface, "because": because}
        for language, short in lacking.items()
    }
    session.add(wave)
    session.flush()
    _record(
        session,
        actor,
        "wave.open",
        wave,
        digest=questionnaire.digest,
        first=first,
        incomplete_translations={language: short.total for language, short in lacking.items()},
        because=because if lacking else "",
    )
    return missing_margins(session, wave, questionnaire)


def close(session: Session, wave: Wave, *, actor: str) -> int:
    """Stop taking answers, and forget the postcodes of unfinished answers. Returns how many there were.

    A draft of the wave itself, or one already closed, is refused with WaveRefusedError.
    """
    if wave.status != "open":
        raise WaveRefusedError([f"{wave.slug} is not open: its status is {wave.status}."])
    # Responses before the wave, the order in which a resident who is sending takes their locks.
    wiped = responses.wipe_draft_postcodes(session, _id(wave))
    wave.status = "closed"
    session.add(wave)
    session.flush()
    _record(session, actor, "wave.close", wave, draft_postcodes_wiped=wiped)
    return wiped


def close_ended(session: Session, *, today: date, actor: str) -> list[Wave]:
    """Close every open wave whose last day is over. For a nightly task.

    Also forgets the postcodes of pages that were on their way while a wave was being closed, and deletes
    what was begun and never sent `DRAFTS_KEPT` after a wave's last day: nobody can send it any more.
    """
    held = store.all_waves(session)
    signals.forget_old(session)
    for wave in held:
        if wave.status == "closed":
            responses.wipe_draft_postcodes(session, _id(wave))
            _delete_old_drafts(session, wave, today=today, actor=actor)
    ended = [each for each in held if each.status == "open" and each.closes_on < today]
    for wave in ended:
        close(session, wave, actor=actor)
    return ended


def _delete_old_drafts(session: Session, wave: Wave, *, today: date, actor: str) -> None:
    if today - wave.closes_on <= DRAFTS_KEPT:
        return
    deleted = responses.delete_drafts(session, _id(wave))
    if deleted:
        _record(session, actor, "wave.drafts-deleted", wave, drafts=deleted)


def extend(session: Session, wave: Wave, closes_on: date, *, actor: str) -> None:
    """Move the last day of the wave later; the audit trail keeps the earlier one."""
    if closes_on <= wave.closes_on:
        raise WaveRefusedError(
            [f"{wave.slug} already runs until {wave.closes_on}. Give a later day, or close it."]
        )
    if reasons := _results_reasons(wave.results_on, closes_on):
        raise WaveRefusedError(reasons)
    before, wave.closes_on = wave.closes_on, closes_on
    session.add(wave)
    session.flush()
    _record(session, actor, "wave.extend", wave, before=before.isoformat(), after=closes_on.isoformat())


def plan_results(session: Session, wave: Wave, results_on: date, *, actor: str) -> None:
    """Say when results are planned; the audit trail keeps the day planned before.

    Residents are told this day when they agree to take part and can withdraw until it has passed, so once a
    wave has opened it only moves later. Raises WaveRefusedError.
    """
    before = wave.results_on
    reasons = _results_reasons(results_on, wave.closes_on)
    if before is not None and wave.questionnaire_digest and results_on < before:
        reasons.append(
            f"Residents of {wave.slug} were told {before}, and can withdraw until then. Give a later day."
        )
    if reasons:
        raise WaveRefusedError(reasons)
    wave.results_on = results_on
    session.add(wave)
    session.flush()
    was = before.isoformat() if before else None
    _record(session, actor, "wave.plan-results", wave, before=was, after=results_on.isoformat())


def missing_margins(session: Session, wave: Wave, questionnaire: Questionnaire) -> list[str]:
    """What the questionnaire weights on and no area of the wave has counts for, in words."""
    found: dict[str, set[str]] = {}
    for row in margins.within(session, wave.area_codes):
        found.setdefault(row.margin, set()).add(row.level)
    warnings = []
    for margin in questionnaire.margins:
        if margin.area_level is not None:
            continue  # taken from the populations of the areas themselves
        lacking = [level for level in margin.levels if level not in found.get(margin.name, set())]
        if margin.name not in found:
            warnings.append(
                f"No area of this wave has counts for the margin {margin.name!r}: answers cannot be weighted "
                "on it until `survey-app margins import` gives them."
            )
        elif lacking:
            warnings.append(f"The margin {margin.name!r} has no counts for {', '.join(lacking)}.")
    return warnings


def load_questionnaire(library: Path, frameworks: Path, id: str, version: str) -> Questionnaire:
    """A questionnaire version from the library as its file stands now, to put it to people.

    Raises WaveRefusedError when the library does not hold it, it changed after it was frozen, or with every
    problem of its file.
    """
    from questionnaires.problems import FileRefusedError
    from survey_app.services import questionnaire

    try:
        return questionnaire.to_ask(library, frameworks, id, version)
    except LookupError as error:
        raise WaveRefusedError([str(error)]) from error
    except FileRefusedError as error:
        raise WaveRefusedError([str(problem) for problem in error.problems]) from error


def untranslated_texts(
    session: Session, questionnaire: Questionnaire, languages: Sequence[str]
) -> dict[str, Lacking]:
    """What each language lacks of what residents read, with what was edited on the web taken in."""
    return completeness.lacking(questionnaire, languages, editing.load(session))


def _languages(questionnaire: Questionnaire) -> tuple[str, ...]:
    return questionnaire.languages or (questionnaire.language,)


def _slug_reasons(session: Session, slug: str) -> list[str]:
    if not SLUG.fullmatch(slug):
        return [
            f"{slug!r} cannot be in an address. Use small letters, digits and hyphens, such as spring-2026."
        ]
    if store.by_slug(session, slug) is not None:
        return [f"There is a wave {slug!r} already. Choose another name."]
    return []


def _date_reasons(opens_on: date, closes_on: date) -> list[str]:
    if closes_on < opens_on:
        return [f"It would close on {closes_on}, before it opens on {opens_on}. Correct a date."]
    return []


def _results_reasons(results_on: date | None, closes_on: date) -> list[str]:
    if results_on is not None and results_on < closes_on:
        return [f"Results would come on {results_on}, before the wave closes on {closes_on}. Correct a date."]
    return []


def _area_reasons(session: Session, new: NewWave) -> list[str]:
    held = areas.by_codes(session, new.area_codes)
    reasons = [
        f"There is no area {code!r}. Import it with `survey-app areas import`, or correct the code."
        for code in new.area_codes
        if code not in held
    ]
    levels = areas.levels(session)
    reasons += [
        f"There are no areas of the level {level!r}, only {', '.join(levels) or 'none at all'}."
        for level in dict.fromkeys((new.place_level, *new.published_levels))
        if level not in levels
    ]
    if not new.published_levels:
        reasons.append("No level would be published. Name at least one, such as lad.")
    return reasons


def _status_reasons(wave: Wave, today: date) -> list[str]:
    if wave.status == "open":
        return [f"{wave.slug} is open already."]
    if wave.closes_on < today:
        return [f"The last day of {wave.slug} was {wave.closes_on}. Extend it first."]
    return []


def _language_reasons(lacking: Mapping[str, Lacking], allowed: Sequence[str], because: str) -> list[str]:
    reasons = [
        f"Residents would meet English in {language!r}: {short.questionnaire} texts of the questionnaire and "
        f"{short.interface} words of the pages are not translated. Translate them (see `survey-app "
        f"translations status --language {language}`), leave the language out, or say --allow-incomplete "
        f"{language} --because and the reason."
        for language, short in lacking.items()
        if language not in allowed
    ]
    if any(language in allowed for language in lacking) and not because.strip():
        reasons.append("Why may it open with texts missing? Say so with --because: it is kept with the wave.")
    if len(because) > LONGEST_REASON or "@" in because:
        reasons.append(f"Give the reason in at most {LONGEST_REASON} characters, without an e-mail address.")
    return reasons


def _digest_reasons(session: Session, wave: Wave, questionnaire: Questionnaire) -> list[str]:
    """A version that has been asked is never edited: old and new answers would mean different things."""
    asked = store.frozen_digests(session, wave.questionnaire_id, wave.questionnaire_version)
    if asked and asked != {questionnaire.digest}:
        return [
            f"The file of {wave.questionnaire_id} {wave.questionnaire_version} has changed since a wave "
            "first opened with it. Put the old text back, and give the new one a new version."
        ]
    return []


def _record(session: Session, actor: str, action: str, wave: Wave, **detail: object) -> None:
    audit.record(session, actor, action, f"wave:{wave.slug}", **detail)


def _id(wave: Wave) -> int:
    if wave.id is None:
        raise LookupError(f"the wave {wave.slug} has not been stored")
    return wave.id
