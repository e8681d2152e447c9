"""Around every page: the words it is in, its log line, its headers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask, render_template_string, url_for

from survey_app import i18n
from survey_app.app import create_app
from survey_app.assets import asset
from survey_app.config import Config


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    database = f"sqlite:///{tmp_path / 'none.sqlite3'}"
    config = Config(database_url=database, data_folder=tmp_path, secret_key="test", https=False, testing=True)
    return create_app(config)


def test_a_part_in_another_language_leaves_the_page_in_its_own(app: Flask) -> None:
    with app.test_request_context("/?lang=pl"):
        assert i18n.current_language().code == "pl"
        before = render_template_string("{{ _('Language') }}")
        with i18n.force_locale("ur"):
            assert (i18n.current_language().code, i18n.current_language().direction) == ("ur", "rtl")
            with i18n.force_locale("ar"):
                assert i18n.current_language().code == "ar"
            assert i18n.current_language().code == "ur"
        assert i18n.current_language().code == "pl"
        assert render_template_string("{{ _('Language') }}") == before


def test_a_template_is_in_the_language_forced(app: Flask) -> None:
    class Spoken:
        def __init__(self, words: str) -> None:
            self.words = words

        def ugettext(self, _text: str) -> str:
            return self.words

    with app.test_request_context("/?lang=pl"):
        from flask_babel import get_babel

        domain = get_babel().instance.domain_instance
        domain.cache.update(
            {("pl", "messages"): Spoken("po polsku"), ("ur", "messages"): Spoken("urdu mein")}
        )
        said = "{{ _('Language') }}"
        assert render_template_string(said) == "po polsku"
        with i18n.force_locale("ur"):
            assert render_template_string(said) == "urdu mein"
        assert render_template_string(said) == "po polsku"


def test_a_request_is_one_line_of_json_without_its_address(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    app.test_client().get("/theme.css?secret=4KTY")
    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert said.keys() == {
        "event",
        "level",
        "timestamp",
        "method",
        "endpoint",
        "status",
        "milliseconds",
        "request",
    }
    assert (said["event"], said["endpoint"], said["status"]) == ("request", "site.theme", 200)
    assert "4KTY" not in line


def test_headers_are_added_once_and_a_page_may_say_its_own(app: Flask) -> None:
    theme = app.test_client().get("/theme.css").headers
    assert theme.getlist("Cache-Control") == ["public, max-age=31536000, immutable"]
    assert len(theme.getlist("Content-Security-Policy")) == 1
    assert app.test_client().get("/no-such-page").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("root", ["", "/surveys"])
def test_an_asset_has_the_address_flask_would_give_it(app: Flask, root: str) -> None:
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
        version = asset("app.css").partition("?v=")[2]
        assert asset("app.css") == url_for("static", filename="app.css", v=version)
