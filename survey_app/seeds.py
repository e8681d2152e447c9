"""The demonstration: real places and national figures, made-up people, a sign-in for each kind of user.

Everything goes through the imports and services of a real installation. Run again, it changes nothing.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from sqlmodel import Session

from analysis import reference
from questionnaires.loading import load_framework
from survey_app.config import Config
from survey_app.db import make_engine, reading, transaction
from survey_app.rehearsal import store_answers
from survey_app.services import accounts, indicators, people, waves
from survey_app.services.fieldwork import LOCAL
from survey_app.services.imports.areas import AreaOptions, import_areas
from survey_app.services.imports.margins import MarginOptions, import_margins
from survey_app.services.imports.national import NationalOptions, import_national
from survey_app.services.imports.postcodes import PostcodeOptions, import_postcodes
from survey_app.services.roles import Role
from survey_app.store import accounts as account_store
from survey_app.store import areas, paper, releases
from survey_app.store import waves as wave_store
from survey_app.tables import Batch, Wave

ACTOR = "demonstration"
QUESTIONNAIRE = ("thriving-places-core", "1.0")
SYSTEM = "E54000026"  # Mid and South Essex
SIGN_INS = "sign-ins.json"
SAMPLE_POSTCODE = "CM1 1SN"
LEFT_TO_KEY = 12  # forms on each open batch that nobody has keyed yet

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone the demonstration lets you be."""

    role: Role
    name: str
    email: str
    organisation: str
    area_code: str
    start: str  # where they begin


PERSONAS = (
    Persona(
        Role.ADMINISTRATOR, "Ada Minton", "ada@example.org", "Mid and South Essex partnership", "", "/people"
    ),
    Persona(
        Role.SURVEY_MANAGER,
        "Sam Okafor",
        "sam@example.org",
        "Mid and South Essex partnership",
        "",
        "/waves/",
    ),
    Persona(Role.OUTREACH_WORKER, "Olu Barnes", "olu@example.org", "Chelmsford CVS", "", "/paper/"),
    Persona(
        Role.TRANSLATOR,
        "Tia Novak",
        "tia@example.org",
        "Mid and South Essex partnership",
        "",
        "/translations/",
    ),
    Persona(Role.ANALYST, "Ana Lewis", "ana@example.org", "Mid and South Essex partnership", "", "/results/"),
    Persona(
        Role.ALLIANCE_VIEWER, "Val Thorne", "val@example.org", "Mid Essex Alliance", "mid-essex", "/results/"
    ),
)

# Who hands out paper in each district, and where.
OUTREACH = {
    "E06000033": ("SAVS", "Southend Forum library"),
    "E06000034": ("Thurrock CVS", "Grays library"),
    "E07000066": ("Basildon Billericay & Wickford CVS", "Basildon library"),
    "E07000067": ("Community 360", "Braintree library"),
    "E07000068": ("Brentwood CVS", "Brentwood library"),
    "E07000069": ("CAVS", "Canvey Island library"),
    "E07000070": ("Chelmsford CVS", "Chelmsford library"),
    "E07000074": ("Maldon & District CVS", "Maldon library"),
    "E07000075": ("RRAVS", "Rayleigh library"),
}


@dataclass(frozen=True, slots=True)
class DemoWave:
    """A wave to make: `answers` people, drawn with `seed`; `shift` moves items since the wave before."""

    slug: str
    title: str
    opens_on: date
    closes_on: date
    answers: int
    seed: int
    shift: dict[str, float]
    still_open: bool


WAVES = (
    DemoWave(
        "spring-2026",
        "Your place, your life: spring 2026",
        date(2026, 3, 2),
        date(2026, 4, 26),
        6_000,
        1,
        {},
        False,
    ),
    DemoWave(
        "autumn-2026",
        "Your place, your life: autumn 2026",
        date(2026, 10, 5),
        date(2027, 3, 31),
        6_000,
        2,
        {"safe_dark": 0.12, "belong": -0.1, "warm": 0.15},
        True,
    ),
)


STEPS = 3 + len(WAVES)  # how often `seed` and `publish_first_wave` report progress


def is_seeded(session: Session) -> bool:
    """Whether the demonstration's waves are there."""
    return all(wave_store.by_slug(session, wave.slug) for wave in WAVES)


def is_published(session: Session) -> bool:
    """Whether the first wave has its release: not if seeding was broken off before it."""
    wave = wave_store.by_slug(session, WAVES[0].slug)
    return wave is not None and releases.latest(session, wave.id) is not None


def seed(session: Session, config: Config, progress: Progress) -> None:
    """Everything the demonstration shows, apart from the release of its first wave. One transaction."""
    progress("Places, postcodes, population and national figures")
    _import_reference(session)
    progress("Organisations and sign-ins")
    sign_ins = _add_people(session)
    worker = next(each["user_id"] for each in sign_ins if each["role"] == Role.OUTREACH_WORKER)
    for wave in WAVES:
        progress(f"{wave.answers:,} made-up answers to {wave.title}")
        _add_wave(session, config, wave, worker)
    _add_indicators(session, config)
    _keep_sign_ins(config.data_folder, sign_ins)


def publish_first_wave(config: Config, progress: Progress) -> None:
    """Release the closed wave, as its manager would."""
    from survey_app.services import publish

    engine = make_engine(config.database_url)
    progress(f"Publishing {WAVES[0].title}")
    with reading(engine) as session:
        wave = wave_store.by_slug(session, WAVES[0].slug)
        if wave is None:
            raise LookupError(f"{WAVES[0].slug} has not been seeded")
        questionnaire = waves.load_questionnaire(config.library, config.frameworks, *QUESTIONNAIRE)
        framework = load_framework(config.frameworks / f"{questionnaire.framework}.yaml")
        built = publish.build(
            session,
            wave,
            questionnaire,
            framework,
            config.data_folder,
            created=datetime.now(UTC),
            engine=config.tally_engine,
        )
    with transaction(engine) as session:
        publish.record(session, wave, built, actor=ACTOR)
    engine.dispose()


def sign_ins(data_folder: Path) -> list[dict[str, str]]:
    """The demonstration's sign-ins, as made when it was seeded. Raises FileNotFoundError before that."""
    kept: list[dict[str, str]] = json.loads((data_folder / SIGN_INS).read_text(encoding="utf-8"))
    return kept


def _import_reference(session: Session) -> None:
    table = reference.path
    import_areas(
        session, table("areas.csv"), AreaOptions(parents_file=table("area_parents.csv")), actor=ACTOR
    )
    import_postcodes(session, table("postcodes.csv"), PostcodeOptions(area="area"), actor=ACTOR)
    import_margins(
        session, table("margins.csv"), MarginOptions(area="area", source="ONS Census 2021"), actor=ACTOR
    )
    import_national(
        session,
        table("national_values.csv"),
        NationalOptions(
            layer="ons-subnational",
            yardsticks=table("yardsticks.csv"),
            source="ONS subnational indicators, OGL v3",
        ),
        actor=ACTOR,
    )
    import_national(  # what places are alike in, for the models of small areas
        session,
        table("deprivation.csv"),
        NationalOptions(layer="deprivation", source="MHCLG English Indices of Deprivation, OGL v3"),
        actor=ACTOR,
    )


def _add_people(session: Session) -> list[dict[str, str]]:
    names = [*(persona.organisation for persona in PERSONAS), *(name for name, _place in OUTREACH.values())]
    organisations = {
        name: people.add_organisation(session, name, actor=ACTOR) for name in dict.fromkeys(names)
    }
    made = []
    for persona in PERSONAS:
        password = secrets.token_urlsafe(12)
        user = accounts.add_user(session, email=persona.email, name=persona.name, password=password)
        people.give_role(
            session,
            user_id=user.id,
            role=persona.role,
            organisation_id=organisations[persona.organisation],
            area_code=persona.area_code,
            actor=ACTOR,
        )
        made.append({**asdict(persona), "role": persona.role.value, "password": password, "user_id": user.id})
    return made


def _add_wave(session: Session, config: Config, demo: DemoWave, worker: str) -> None:
    from analysis.synthetic import Skew, demo_margins, demo_places, generate
    from survey_app import seeded_reviews

    questionnaire = waves.load_questionnaire(config.library, config.frameworks, *QUESTIONNAIRE)
    wave = waves.create(
        session,
        waves.NewWave(
            slug=demo.slug,
            title=demo.title,
            opens_on=demo.opens_on,
            closes_on=demo.closes_on,
            area_codes=(SYSTEM,),
            published_levels=("ward", "lad", "alliance", "icb"),
        ),
        questionnaire,
        actor=ACTOR,
    )
    waves.open_wave(
        session,
        wave,
        questionnaire,
        untranslated=waves.untranslated_texts(session, questionnaire, wave.languages),
        today=demo.opens_on,
        actor=ACTOR,
        allow_incomplete=wave.languages,
        because="A demonstration: what is not translated yet is shown as such",
    )
    answers = generate(
        questionnaire, demo_places(), demo_margins(), demo.answers, demo.seed, Skew(shift=demo.shift)
    )
    batches = _batches(session, wave, demo, worker)
    store_answers(session, wave, questionnaire, answers, batches)
    if not demo.still_open:
        seeded_reviews.review(session, wave, questionnaire, actor=ACTOR)
        waves.close(session, wave, actor=ACTOR)


def _add_indicators(session: Session, config: Config) -> None:
    """The composite that the questionnaire's folder has as an example."""
    path = config.library / QUESTIONNAIRE[0] / "indicators.yaml"
    indicators.import_file(session, path, config.library, config.frameworks, actor=ACTOR)


def _batches(session: Session, wave: Wave, demo: DemoWave, worker: str) -> dict[str, Batch]:
    """A batch of paper forms a district, returned to the organisation that works there; by area inside it."""
    closed_at = None if demo.still_open else datetime.combine(demo.closes_on, time(17), LOCAL)
    made = {}
    for district, (organisation, place) in OUTREACH.items():
        area = areas.by_code(session, district)
        holder = account_store.organisation_by_name(session, organisation)
        if area is None or holder is None or holder.id is None or wave.id is None:
            raise LookupError(f"the demonstration lacks {district} or {organisation}")
        batch = paper.add_batch(
            session,
            Batch(
                wave_id=wave.id,
                organisation_id=holder.id,
                place=place,
                area_code=area.code,
                area_vintage=area.vintage,
                held_on=demo.opens_on,
                returned=0 if closed_at else LEFT_TO_KEY,
                opened_by=worker,
                closed_at=closed_at,
            ),
        )
        inside = areas.descendants(session, area.code, area.vintage)
        made |= {code: batch for code in (area.code, *(found.code for found in inside))}
    return made


def _keep_sign_ins(folder: Path, sign_ins: list[dict[str, str]]) -> None:
    """Beside the database, readable by its owner only."""
    path = folder / SIGN_INS
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(sign_ins, file, indent=1)
