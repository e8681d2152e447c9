"""Every kind of question as a page draws it: read out whole, plain controls, wrong in one place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

import pytest
from flask import Flask

from questionnaires import answering, ordering
from questionnaires.answering import Policy
from questionnaires.answers import Answer, Missing
from questionnaires.faults import AnswerFault, Fault
from questionnaires.model import Item, Option, Purpose, Questionnaire, Section
from survey_app.forms.items import draw_field, error_words, keepable
from survey_app.presenters.questions import Asking, SectionPage, section_page
from survey_app.presenters.words import Voice
from survey_app.presenters.written import form_values

ANSWERS: dict[str, Answer | Missing] = {
    "agree": 1,
    "warm": 2,
    "heating": 4,
    "heating-other": "Peat & <wood>",
    "likes": (1, 4),
    "likes-other": "Birds",
    "best": (3, 1),
    "belonging": 2,
    "trusting": Missing.PREFER_NOT_TO_SAY,
    "agreeing": 3,
    "happy": 0,
    "rooms": 4,
    "sleep": 75,
    "visited": "2026-03-07",
    "moved": "2019-11",
    "built": 1964,
    "town": 13,
    "street": "Quiet",
    "change": "More\nbuses",
    "postcode": "CM11GT",
    "adults": 2,
    "children": 0,
    "email": "ada@example.org",
    "phone": "01632960001",
}


class Controls(HTMLParser):
    """Ids, labels and controls of a page, and the order in which they are read out."""

    def __init__(self, html: str):
        super().__init__()
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.named: list[dict[str, str | None]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "label" and given.get("for"):
            self.labels.add(str(given["for"]))
        if tag in {"input", "select", "textarea"} and given.get("type") != "hidden":
            self.named.append({**given, "inside": " ".join(self.open)})
        if tag not in {"input", "img", "br", "meta", "link"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def drawn(page: SectionPage) -> str:
    return "".join(draw_field(question) for question in page.questions)


def typed_in(html: str) -> dict[str, str | None]:
    """What is in the text boxes, by name."""
    boxes = (control for control in Controls(html).named if control.get("type") != "checkbox")
    return {str(control["name"]): control.get("value") for control in boxes}


def page_of(asking: Asking, section: str, **given: object) -> SectionPage:
    found = asking.original.section(section)
    items = [item for item in found.items if item.kind != "computed"]
    answers = given.pop("answers", {})
    return section_page(asking, found, items, answers, **given)  # type: ignore[arg-type]


def one(kind: str, **given: object) -> Item:
    options = tuple(Option(code=n, text=t) for n, t in enumerate(("Red", "Green", "Blue"), 1))
    fields: dict[str, object] = {"options": options} if kind == "ranking" else {}
    fields |= {"code": "it", "kind": kind, "text": "It?", "purpose": Purpose.CONTEXT}
    return Item(**(fields | given))  # type: ignore[arg-type]


def asked(item: Item) -> tuple[Asking, Section]:
    section = Section(code="s", title="S", items=(item,))
    whole = Questionnaire(id="q", version="1", title="Q", language="en", framework="f", sections=(section,))
    return Asking(whole, whole, Voice("en", "en")), section


@pytest.mark.parametrize("section", ["consent", "choosing", "writing", "sums"])
def test_every_control_has_a_label_and_an_id_of_its_own(
    pages: Flask, asking: Asking, specimen: Questionnaire, section: str
) -> None:
    errors = {item.code: "Wrong." for item in specimen.section(section).items}
    html = drawn(page_of(asking, section, errors=errors))
    page = Controls(html)
    assert page.open == [], "every element that is opened is closed"
    assert len(page.ids) == len(set(page.ids))
    for control in page.named:
        inside = str(control["inside"]).split()
        assert "label" in inside or control.get("id") in page.labels, control
    for described in re.findall(r'aria-(?:describedby|labelledby)="([^"]*)"', html):
        assert set(described.split()) <= set(page.ids)


def test_the_names_of_the_controls_are_those_that_answers_are_read_from(
    pages: Flask, asking: Asking, specimen: Questionnaire
) -> None:
    for section in specimen.sections:
        names = {control["name"] for control in Controls(drawn(page_of(asking, section.code))).named}
        expected = {name for item in section.items for name in answering.field_names(item)}
        whole = {item.code for item in section.items if item.kind in {"date", "month", "ranking"}}
        declinable = {item.code for item in section.items if item.prefer_not_to_say}
        assert names == expected - (whole - declinable)


def test_what_was_answered_is_shown_and_reads_as_the_same_answer(
    pages: Flask, specimen: Questionnaire
) -> None:
    """The way out (form values) and the way in (reading) undo each other for every kind."""
    items = [item for item in specimen.items() if item.code in ANSWERS]
    assert {item.kind for item in items} >= {"date", "month", "ranking", "decimal", "place", "grid"}
    raw: dict[str, Sequence[str]] = {}
    for item in items:
        raw.update(form_values(item, ANSWERS))
    reading = answering.read(items, raw, Policy.SELF)
    assert reading.problems == ()
    assert {code: value for code, value in reading.answers.items() if code in ANSWERS} == ANSWERS


def test_stored_answers_are_in_the_controls(pages: Flask, asking: Asking) -> None:
    html = "".join(drawn(page_of(asking, code, answers=ANSWERS)) for code in ("choosing", "writing", "sums"))
    values = typed_in(html)
    assert {name: values[name] for name in ("visited-day", "visited-month", "visited-year")} == {
        "visited-day": "7",
        "visited-month": "3",
        "visited-year": "2026",
    }
    assert (values["sleep"], values["moved-month"], values["built"]) == ("7.5", "11", "1964")
    assert values["heating-other"] == "Peat & <wood>"
    assert "Peat &amp; &lt;wood&gt;" in html
    assert re.search(r'name="best-3">\n<option value="">.*</option>\n<option selected>1</option>', html)
    assert '<option value="13" selected>Harlow</option>' in html


def test_what_was_typed_stays_where_it_was_typed(pages: Flask, asking: Asking) -> None:
    typed = {"visited-day": ["31"], "visited-month": ["2"], "visited-year": [""], "best-1": ["2"]}
    html = drawn(page_of(asking, "writing", typed=typed, answers=ANSWERS))
    values = typed_in(html)
    assert (values["visited-day"], values["visited-month"], values["visited-year"]) == ("31", "2", "")


@pytest.mark.parametrize(
    ("typed", "wrong", "first"),
    [
        (("31", "13", "2026"), {"month"}, "q-it-month"),
        (("", "3", "2026"), {"day"}, "q-it"),
        (("7", "3", ""), {"year"}, "q-it-year"),
        (("31", "2", "2026"), {"day", "month", "year"}, "q-it"),
        (("x", "y", "26"), {"day", "month", "year"}, "q-it"),
    ],
)
def test_a_wrong_date_is_marked_at_the_part_that_is_wrong(
    pages: Flask, typed: tuple[str, str, str], wrong: set[str], first: str
) -> None:
    item = one("date")
    asking, section = asked(item)
    raw = {f"it-{part}": [value] for part, value in zip(("day", "month", "year"), typed, strict=True)}
    problems = answering.read([item], raw, Policy.SELF).problems
    page = section_page(asking, section, [item], {}, typed=raw, errors=error_words(problems))
    assert {name for name in ("day", "month", "year") if page.questions[0].wrong_at(name)} == wrong
    assert [target for target, _error, _words in page.problems] == [f"#{first}"]
    marked = [control for control in Controls(drawn(page)).named if control.get("aria-invalid")]
    assert {str(control["name"]).removeprefix("it-") for control in marked} == wrong


def test_a_grid_is_one_group_of_questions_and_never_a_table(pages: Flask, asking: Asking) -> None:
    page = page_of(asking, "choosing")
    rows = [question for question in page.questions if question.kind == "grid"]
    assert [(row.opens, row.closes) for row in rows] == [(True, False), (False, True)]
    html = drawn(page)
    assert "<table" not in html
    assert html.count('<fieldset class="grid"') == 1
    grid = html[html.index('<fieldset class="grid"') :]
    assert grid.index("How much do you agree?") < grid.index("I feel that I belong here")
    assert grid.count("Neither agree nor disagree") == 2, "every row says its answers"
    section = asking.original.section("choosing")
    without = [item for item in section.items if item.code != "belonging"]
    last = section_page(asking, section, without, {}).questions
    assert [(row.opens, row.closes) for row in last if row.kind == "grid"] == [(True, True)]


def test_the_error_is_read_before_the_control_and_the_question_before_both(
    pages: Flask, asking: Asking
) -> None:
    html = drawn(page_of(asking, "choosing", errors={"heating": "Wrong."}))
    heating = html[html.index('id="q-heating-group"') :]
    order = ["<legend>", "Help with this question", "What does", "Wrong.", "<input"]
    places = [heating.index(each) for each in order]
    assert places == sorted(places)


def test_a_doubt_can_be_kept_and_what_was_kept_before_is_sent_again(
    pages: Flask, asking: Asking, specimen: Questionnaire
) -> None:
    item = specimen.item("rooms")
    (doubt,) = answering.check([item], {"rooms": 25})
    assert error_words((doubt,)) == {"rooms": "That is a lot of rooms. Is it right?"}
    assert keepable((doubt,)) == {"rooms": "rooms.1"}
    hard = answering.check([item], {"rooms": 0})
    assert keepable(hard) == {}, "a hard check must be settled"
    assert keepable((Fault("rooms", AnswerFault.REQUIRED), doubt)) == {}
    html = drawn(page_of(asking, "writing", errors={"rooms": "?"}, keep=keepable((doubt,))))
    assert '<input type="checkbox" name="confirm" value="rooms.1">' in html
    again = drawn(
        page_of(asking, "writing", typed={}, errors={"sleep": "?"}, confirmed=["rooms.1", "rooms.9", "x"])
    )
    assert re.findall(r'type="hidden" name="confirm" value="([^"]*)"', again) == ["rooms.1"]


def test_options_in_random_order_keep_theirs_for_one_person(pages: Flask, asking: Asking) -> None:
    orders = set()
    for seed in "abcdefgh":
        page = page_of(asking, "choosing", seed=seed)
        heating = next(question for question in page.questions if question.code == "heating")
        shown = tuple(int(choice.value) for choice in heating.choices)
        assert shown == ordering.shown(asking.original.item("heating"), seed)
        orders.add(shown)
    assert len(orders) > 1


def test_earlier_answers_stand_in_later_texts_and_are_escaped(pages: Flask) -> None:
    name = Item(code="name", kind="short_text", text="Name?", purpose=Purpose.CONTEXT)
    item = one("short_text", text="Hello {name|friend}?")
    section = Section(code="s", title="About {name|you}", items=(name, item))
    whole = Questionnaire(id="q", version="1", title="Q", language="en", framework="f", sections=(section,))
    asking = Asking(whole, whole, Voice("en", "en"))
    for _time in range(2):  # a page of one person is never kept for another
        page = section_page(asking, section, [item], {"name": "<b>Jo"})
        assert page.questions[0].words.text == "Hello \u2068<b>Jo\u2069?"
        assert "&lt;b&gt;Jo" in drawn(page)
        blank = section_page(asking, section, [item], {})
        assert (blank.questions[0].words.text, blank.title.text) == ("Hello friend?", "About you")
    assert asking.printed(item).words.text == "Hello friend?"


def test_what_is_not_translated_keeps_its_language_and_so_do_the_answers_in_it(pages: Flask) -> None:
    town = one("ranking", options=(Option(code=1, text="Red"), Option(code=2, text="Green")))
    item = Item(code="why", kind="short_text", text="Why {it}?", purpose=Purpose.CONTEXT)
    written = Section(code="s", title="S", items=(town, item))
    said = one("ranking", options=(Option(code=1, text="سرخ"), Option(code=2, text="سبز")))
    whole = Questionnaire(id="q", version="1", title="Q", language="en", framework="f", sections=(written,))
    urdu = Questionnaire(
        id="q",
        version="1",
        title="Q",
        language="ur",
        framework="f",
        sections=(Section(code="s", title="S", items=(said, item)),),
    )
    page = section_page(Asking(urdu, whole, Voice("ur", "en")), written, [item], {"it": (2,)})
    assert (page.questions[0].words.text, page.questions[0].words.language) == ("Why Green?", "en")


def test_ranks_offered_are_as_many_as_can_be_given(pages: Flask, asking: Asking) -> None:
    html = drawn(page_of(asking, "choosing"))
    ranking = html[html.index('class="ranking"') : html.index('class="grid"')]
    assert ranking.count("<option>3</option>") == 4
    assert "<option>4</option>" not in ranking
    assert "Choose 1 for the one you put first" in html


def test_contact_details_say_that_they_are_kept_apart(pages: Flask, asking: Asking) -> None:
    html = drawn(page_of(asking, "sums"))
    assert html.count("We keep this apart from your answers.") == 2
    controls: Mapping[str, Mapping[str, str | None]] = {
        str(control["name"]): control for control in Controls(html).named
    }
    assert (controls["email"]["type"], controls["email"]["autocomplete"]) == ("email", "email")
    assert (controls["phone"]["type"], controls["phone"]["autocomplete"]) == ("tel", "tel")


def test_information_asks_nothing(pages: Flask, asking: Asking) -> None:
    page = page_of(asking, "choosing")
    welcome = next(question for question in page.questions if question.kind == "information")
    assert [words.text[:8] for words in welcome.paragraphs] == ["The next", "You can "]
    assert not Controls(str(draw_field(welcome))).named
