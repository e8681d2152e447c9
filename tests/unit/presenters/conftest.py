"""Presenters and templates without the rest of the application: words, and the templates of questions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

import survey_app
from questionnaires import loading
from questionnaires.model import Questionnaire
from survey_app.presenters.questions import Asking
from survey_app.presenters.words import Voice

SPECIMEN = Path(__file__).parents[2] / "specimen" / "every-kind" / "1.0" / "questionnaire.yaml"


@pytest.fixture
def pages() -> Iterator[Flask]:
    """An application that can do nothing but draw."""
    app = Flask("test", template_folder=str(Path(survey_app.__file__).parent / "templates"))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    with app.test_request_context():
        yield app


@pytest.fixture(scope="session")
def specimen() -> Questionnaire:
    """One questionnaire with every kind of question."""
    return loading.load(SPECIMEN)


@pytest.fixture
def asking(specimen: Questionnaire) -> Asking:
    return Asking(specimen, specimen, Voice("en", "en"))
