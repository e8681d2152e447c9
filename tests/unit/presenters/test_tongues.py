"""The language of a quote is told by its own words, or not at all."""

from __future__ import annotations

import pytest

from analysis.synthetic.comments import read_comments
from survey_app.presenters.tongues import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("It takes three weeks to see a doctor.", "en"),
        ("[name] helps all of us", "en"),
        ("Dobrze nam się tu mieszka.", "pl"),
        ("Ne place aici, este liniște.", "ro"),
        ("এখানে থাকতে আমাদের ভালো লাগে।", "bn"),
        ("گھر میں نمی ہے اور مالک مکان کچھ نہیں کرتا۔", "ur"),
        ("الإيجار مرتفع جداً.", "ar"),
        ("[place] আমাদের ভালো", "bn"),
        ("Автобуси їздять рідко", "uk"),
        ("Kira çok yüksek, kışın ısınamıyoruz", "tr"),
        ("Chirie mare", ""),
        ("سلام", ""),
        ("Buses", ""),
        ("", ""),
        ("[name]", ""),
        ("12 :) !!", ""),
        ("Автобусы", ""),
    ],
)
def test_a_language_is_told_from_letters_and_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_no_made_up_comment_is_taken_for_another_language() -> None:
    said = read_comments()
    for pool in (said.glad, said.sorry):
        for language, texts in pool.items():
            for text in texts:
                assert language_of(text) in ("", language), text
