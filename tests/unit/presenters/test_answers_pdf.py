"""A resident's answers as a PDF: read back, in scripts that run and join differently."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from questionnaires.answers import Missing
from survey_app.i18n import language
from survey_app.presenters.answers_pdf import NoFontError, answers_pdf, can_write, filled, fonts_for
from survey_app.presenters.summary import Row, SectionSummary
from survey_app.presenters.words import Words

SAID = {
    "en": ("Your answers", "How satisfied are you with your life?"),
    "ur": ("آپ کے جوابات", "آپ اپنی زندگی سے کتنے مطمئن ہیں؟"),
    "ar": ("إجاباتك", "ما مدى رضاك عن حياتك؟"),
    "bn": ("আপনার উত্তর", "আপনি আপনার জীবন নিয়ে কতটা সন্তুষ্ট?"),
    "pl": ("Twoje odpowiedzi", "Czy jesteś zadowolony ze swojego życia?"),
}


def made(code: str, title: str, question: str, answer: str) -> bytes:
    rows = (Row("life", Words(question), (Words(answer),), None),)
    return answers_pdf(language(code), title, [Words(title)], [(Words(title), rows)])


@pytest.mark.parametrize("code", SAID)
def test_it_is_tagged_and_its_words_can_be_read_out(code: str) -> None:
    if not can_write(code):
        pytest.skip(f"no font for {code} on this machine")
    title, question = SAID[code]
    content = made(code, title, question, "#panic() [x] *7*")
    with pikepdf.open(BytesIO(content)) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == code
        assert "/StructTreeRoot" in document.Root
    text = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()
    assert title in text
    assert question in text


def test_what_a_person_wrote_is_never_code() -> None:
    text = "#panic() [x] *7* $ \\ `"
    content = made("en", "Your answers", "Anything else?", text)
    assert text in pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range()


def test_no_answer_is_said_in_words() -> None:
    rows = (
        Row("a", Words("A?"), (), Missing.NOT_ANSWERED),
        Row("b", Words("B?"), (), Missing.PREFER_NOT_TO_SAY),
        Row("c", Words("C?"), (Words("Yes"),), None),
    )
    ((_title, lines),) = filled([SectionSummary("s", Words("S"), rows)], "none", "declined")
    assert [row.answers[0].text for row in lines] == ["none", "declined", "Yes"]


def test_a_language_without_a_font_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey_app.presenters.answers_pdf._installed", lambda: frozenset({"Noto Sans"}))
    assert fonts_for("pl") == ("Noto Sans",)
    with pytest.raises(NoFontError):
        fonts_for("ur")
