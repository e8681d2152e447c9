"""A resident walks every page and reads the printed form in every language: no sentence is left in English.

The core questionnaire and the interface are read as the files hold them now, whatever was compiled before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polib
import pytest
from babel import Locale
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from sqlalchemy import update
from werkzeug.exceptions import default_exceptions

from questionnaires import catalogue, loading
from questionnaires.kinds import PREFER_NOT_TO_SAY
from questionnaires.model import Item
from survey_app.app import ERROR_WORDS
from survey_app.config import Config
from survey_app.db import transaction
from survey_app.extensions import session
from survey_app.services import fieldwork
from survey_app.store import waves
from survey_app.tables import Response
from survey_app.views.printing import draw
from tests.integration.conftest import Database
from tests.integration.residents import Browser, change_wave, furnish, running
from tests.integration.words_elsewhere import FEATURES, KINDS

SHIPPED = {field.name: field.default for field in fields(Config)}
CORE = loading.load(loading.find(SHIPPED["library"], "thriving-places-core", "1.0"))
LANGUAGES = SHIPPED["languages"]
INTERFACE = Path(__file__).resolve().parent.parent.parent / "survey_app" / "translations"
SENTENCE = 4  # words; shorter ones may be names, or words another language shares

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
ISOLATES = re.compile("[\u2066-\u2069]")
EMPTY = {"area", "br", "hr", "img", "input", "link", "meta", "path", "use"}
SERVICE = re.compile(r"support\.\d+\.name")
READ_OUT = {"alt", "aria-label", "placeholder", "title"}

only_once = pytest.mark.parametrize("migrated_database", ["sqlite"], indirect=True)  # the words are the same


class Reader(HTMLParser):
    """What a page says, seen or read out: in its own language, and in parts that say they are English."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language = self.direction = ""
        self._said: dict[bool, list[str]] = {False: [], True: []}
        self._open: list[tuple[str, bool]] = []
        self.feed(page)

    def said(self, *, as_english: bool) -> str:
        return re.sub(r"\s+", " ", ISOLATES.sub("", " ".join(self._said[as_english])))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language, self.direction = given.get("lang", ""), given.get("dir", "")
        marked = bool(self._open) and self._open[-1][1]
        if tag != "html" and "lang" in given:
            marked = given["lang"].startswith("en")
        self._said[marked] += [given[name] for name in READ_OUT & given.keys()]
        if tag not in EMPTY:
            self._open.append((tag, marked))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1][0] not in {"script", "style"}:
            self._said[bool(self._open) and self._open[-1][1]].append(data)


@dataclass
class Walk:
    """The pages one resident saw, by what they are."""

    language: str
    browser: Browser
    pages: dict[str, Reader] = field(default_factory=dict)

    def saw(self, name: str, page: str) -> None:
        self.pages[name] = Reader(page)

    def look(self, name: str, address: str, status: int = 200) -> None:
        """Open an address, in whatever language the visit is in by now."""
        page = self.browser.get(address)
        assert page.status_code == status, f"{name}: {page.status_code}"
        self.saw(name, self.browser.text)

    def send(
        self, name: str, data: Mapping[str, str | list[str]], address: str = "", status: int = 200
    ) -> None:
        page = self.browser.send(data, address or None)
        assert page.status_code == status, f"{name}: {page.status_code}"
        self.saw(name, self.browser.text)


# By kind: what is taken, and every way to get it wrong that the kind has a message for.
ANSWERS: dict[str, Callable[[Item], list[str]]] = {
    "consent": lambda item: [str(item.options[0].code)],
    "scale": lambda item: [str(item.scale.low if item.scale else 0)],
    "integer": lambda item: [str(item.minimum or 0)],
    "short_text": lambda _item: ["…"],
    "long_text": lambda _item: ["…"],
    "postcode": lambda _item: [""],
}
MISTAKES: dict[str, Callable[[Item], list[list[str]]]] = {
    "consent": lambda item: [[]] if item.required else [["99"]],
    "multiple_choice": lambda item: [["99"], [str(option.code) for option in item.options]],
    "integer": lambda item: [["lots"], [str((item.maximum or 0) + 1)]],
    "short_text": lambda item: [["x" * ((item.maximum or 100) + n)] for n in (1, 2)],
    "long_text": lambda item: [["x" * ((item.maximum or 2000) + n)] for n in (1, 2)],
    "postcode": lambda _item: [["nowhere"]],
}


def answer(item: Item) -> list[str]:
    """The first option, unless the kind takes another form: in the core questionnaire the longest way."""
    return ANSWERS.get(item.kind, lambda item: [str(item.options[0].code)])(item)


def mistakes(item: Item) -> list[list[str]]:
    """Each way to get it wrong, as form values. By default: no such option, and more than one."""
    ways = MISTAKES.get(item.kind, lambda item: [["99"], [str(option.code) for option in item.options]])(item)
    return (
        [*ways, [*answer(item), PREFER_NOT_TO_SAY]] if item.prefer_not_to_say and any(answer(item)) else ways
    )


def walk(app: Flask, database: Database, language: str) -> Walk:
    """Every page a resident can meet, in one language chosen on the first."""
    done = Walk(language, Browser.on(app))
    done.look("front page", f"/?lang={language}")
    done.look("start", "/s/spring")
    _declining(done)
    _sections(done)
    done.look("check", "/s/spring/check")
    done.look("saved for later", "/s/spring/later")
    done.look("started before", "/s/spring")
    done.look("resume", "/resume")
    done.send("resume with a wrong code", {"code": "2222-2222-2222"}, status=422)
    done.look("check again", "/s/spring/check")
    done.send("receipt", {})
    assert done.browser.path == "/s/spring/receipt"
    done.look("own answers", "/s/spring/answers")
    done.look("take back", "/s/spring/withdraw")
    change_wave(database, results_on=fieldwork.today() - timedelta(days=1))
    done.look("too late to take back", "/s/spring/withdraw")
    _change_responses(database, status="withdrawn", withdrawn_on=fieldwork.today())
    done.look("removed", "/s/spring/receipt")
    done.look("see answers with a code", "/receipt")
    done.send("see answers with a wrong code", {"code": "2222-2222-2222"}, status=422)
    done.look("one-time link that is over", "/i/2222-2222-2222", status=410)
    _clearing(done, "device cleared")
    _stopping(done, database)
    _out_of_season(done, database)
    _faults(done, app)
    _on_paper(done, app, database)
    return done


def _declining(done: Walk) -> None:
    first = f"/s/spring/q/{CORE.sections[0].code}"
    done.look("before declining", first)
    done.send("declined", {"action": "decline"})


def _sections(done: Walk) -> None:
    for section in CORE.sections:
        address = f"/s/spring/q/{section.code}"
        done.look(f"section {section.code}", address)
        assert done.browser.path == address, f"the walk never reaches {section.code}"
        wrong = {item.code: mistakes(item) for item in section.items}
        for number in range(max(map(len, wrong.values()))):
            raw = {code: raws[number] for code, raws in wrong.items() if len(raws) > number}
            done.send(f"section {section.code}, wrong {number + 1}", raw, address, status=422)
        if any(item.kind == "postcode" for item in section.items):
            _places(done, address)
        else:
            done.browser.send({item.code: answer(item) for item in section.items}, address)


def _places(done: Walk, address: str) -> None:
    done.send("postcode outside the survey", {"postcode": "EL1 1AA"}, address)
    done.send("postcode nobody knows", {"postcode": "ZZ1 1ZZ"}, address)
    assert done.browser.path == "/s/spring/area"
    done.send("no area chosen", {}, status=422)
    done.send("lives elsewhere", {"area": "elsewhere"})
    done.look("area list", "/s/spring/area")
    done.browser.send({"area": "W1"}, "/s/spring/area")


def _stopping(done: Walk, database: Database) -> None:
    _agreeing(done)
    _change_responses(database, answers={})
    done.browser.get("/s/spring/check")
    done.send("sent with a question open", {}, status=422)
    done.send("stopped", {}, "/s/spring/stop")


def _out_of_season(done: Walk, database: Database) -> None:
    today = fieldwork.today()
    _agreeing(done)
    change_wave(database, opens_on=today - timedelta(days=9), closes_on=today - timedelta(days=1))
    done.look("closed on someone not finished", "/s/spring")
    _clearing(done, "device cleared after the close")
    done.look("closed", f"/s/spring?lang={done.language}")
    done.look("front page with nothing open", f"/?lang={done.language}")
    change_wave(database, opens_on=today + timedelta(days=1), closes_on=today + timedelta(days=9))
    done.look("not open yet", f"/s/spring?lang={done.language}")


def _clearing(done: Walk, name: str) -> None:
    done.browser.get("/resume")  # has a form, and so the token to send one with
    done.send(name, {}, "/s/spring/finish")


def _agreeing(done: Walk) -> None:
    """Start anew, as far as the first answers."""
    first = CORE.sections[0]
    done.browser.get(f"/s/spring/q/{first.code}?lang={done.language}")
    done.browser.send({item.code: answer(item) for item in first.items})


def _change_responses(database: Database, **values: Any) -> None:
    with transaction(database.engine) as changing:
        changing.connection().execute(update(Response).values(**values))


def _faults(done: Walk, app: Flask) -> None:
    done.look("no page", f"/nowhere?lang={done.language}", status=404)
    done.browser.page = None
    done.send("out of date", {}, f"/s/spring/stop?lang={done.language}", status=400)
    for code in sorted(ERROR_WORDS.keys() & default_exceptions.keys()):
        with app.test_request_context(f"/?lang={done.language}"):
            page = app.make_response(app.handle_user_exception(default_exceptions[code]()))
            assert page.status_code == code
            done.saw(f"error {code}", page.get_data(as_text=True))


def _on_paper(done: Walk, app: Flask, database: Database) -> None:
    for status in ("draft", "open"):
        change_wave(database, status=status)
        with app.test_request_context():
            wave = waves.by_slug(session(), "spring")
            assert wave is not None
            done.saw(f"printed form of a wave that is {status}", draw(wave, done.language, "/s/spring"))


@dataclass(frozen=True)
class Sentence:
    """An English text as it looks on a page, whatever its placeholders became."""

    fragment: str  # its longest run without a placeholder, lower-case: quick to rule out
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, text: str) -> Sentence:
        parts = [" ".join(part.split()) for part in PLACEHOLDER.split(text)]
        spelt = r"\s*.{0,200}?\s*".join(map(re.escape, parts))
        return cls(max(parts, key=len).lower(), re.compile(spelt, re.IGNORECASE))

    def is_in(self, said: str) -> bool:
        return self.fragment in said.lower() and self.pattern.search(said) is not None


def english() -> dict[str, Sentence]:
    """Every English sentence of the interface and the core questionnaire."""
    texts = [text for entry in polib.pofile(str(INTERFACE / "messages.pot")) for text in _texts(entry)]
    texts += [
        part
        for each in catalogue.source_messages(CORE)
        if not SERVICE.fullmatch(each.context)  # a service keeps its own name beside the translation
        for part in each.text.split("\n\n")
    ]
    return {text: Sentence.of(text) for text in texts if _is_sentence(text)}


def _texts(entry: polib.POEntry) -> list[str]:
    return [text for text in (entry.msgid, entry.msgid_plural) if text]


def _is_sentence(text: str) -> bool:
    return len(WORD.findall(PLACEHOLDER.sub(" ", text))) >= SENTENCE


ENGLISH = english()


RESIDENTS_PAGES = [
    (name, "jinja2" if name.endswith("html") else "python")
    for name in (
        "app.py",
        "forms/items.py",
        "templates/base.html",
        "templates/errors/**.html",
        "templates/fields/**.html",
        "templates/index.html",
        "templates/paper/form.html",
        "templates/resident/**.html",
        "views/resident.py",
        "views/resume.py",
        "views/sending.py",
        "views/visit.py",
    )
]


NEVER_MET = {"Answer this question to continue."}
"""The core questionnaire asks nothing that must be answered, apart from agreeing to take part."""


def for_residents() -> list[set[str]]:
    """The English sentences in the source of the pages residents see; singular and plural together."""
    found = extract_from_dir(INTERFACE.parent, RESIDENTS_PAGES, {}, DEFAULT_KEYWORDS)
    messages = [
        set(message) if isinstance(message, tuple) else {message} for _file, _line, message, _c, _x in found
    ]
    return [message for message in messages if message <= ENGLISH.keys() - NEVER_MET]


def left_over(said: str) -> list[str]:
    return [text for text, sentence in ENGLISH.items() if sentence.is_in(said)]


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interface's translations as the .po files have them now."""
    folder = tmp_path_factory.mktemp("translations")
    for source in INTERFACE.glob("*/LC_MESSAGES/messages.po"):
        target = folder / source.relative_to(INTERFACE).with_suffix(".mo")
        target.parent.mkdir(parents=True)
        with source.open("rb") as text, target.open("wb") as file:
            write_mo(file, read_po(text, locale=source.parent.parent.name))
    return folder


@pytest.fixture
def app(database: Database, tmp_path: Path, compiled: Path) -> Iterator[Flask]:
    core = {"questionnaire_id": CORE.id, "questionnaire_version": CORE.version}
    furnish(database, **core, languages=list(LANGUAGES))
    told = {"operator": "Example Council", "contact": "01234 567890", "demo": True}
    with running(database, tmp_path, library=SHIPPED["library"], languages=LANGUAGES, **told) as app:
        babel = app.extensions["babel"]
        app.extensions["babel"] = replace(babel, translation_directories=[str(compiled)])
        yield app


@only_once
@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != CORE.language])
def test_no_page_has_a_sentence_left_over_in_english(app: Flask, database: Database, language: str) -> None:
    done = walk(app, database, language)
    found = {name: left_over(page.said(as_english=False)) for name, page in done.pages.items()}
    assert {name: texts for name, texts in found.items() if texts} == {}
    marked = {name: left_over(page.said(as_english=True)) for name, page in done.pages.items()}
    assert {name: texts for name, texts in marked.items() if texts} == {}, "shown in English, and says so"

    direction = Locale.parse(language, sep="-").text_direction
    assert {(page.language, page.direction) for page in done.pages.values()} == {(language, direction)}


@only_once
def test_the_walk_would_notice_english_on_any_page_and_reaches_what_residents_read(
    app: Flask, database: Database
) -> None:
    """In English every page has sentences to find, each question among them."""
    done = walk(app, database, CORE.language)
    found = {name: left_over(page.said(as_english=False)) for name, page in done.pages.items()}
    assert [name for name, texts in found.items() if not texts] == []
    seen = {text for texts in found.values() for text in texts}
    asked = {item.text for section in CORE.sections for item in section.items}
    assert {text for text in asked if text in ENGLISH} - seen == set()
    assert len(for_residents()) > 50
    unmet = [message for message in for_residents() if not message & seen]
    assert [message for message in unmet if not message & (KINDS | FEATURES)] == [], (
        "no page of the walk shows them"
    )
