"""The application factory."""

from __future__ import annotations

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from survey_app import (
    access,
    assets,
    edited_words,
    i18n,
    logs,
    navigation,
    reading_trail,
    security,
    signed_in,
)
from survey_app.config import Config, ConfigError
from survey_app.extensions import babel, close_session, csrf, limiter, login_manager
from survey_app.presenters import reading

ONE_YEAR = 365 * 24 * 3600


def create_app(config: Config) -> Flask:
    """The whole web application. Importing this module reads no setting and opens no file."""
    if not config.secret_key:
        raise ConfigError("There is no secret key. Set HEREABOUTS_SECRET_KEY, or use config.with_secret.")
    app = Flask("survey_app")
    app.extensions["hereabouts"] = config
    app.config.update(
        SECRET_KEY=config.secret_key,
        TESTING=config.testing,
        SESSION_COOKIE_NAME="hereabouts",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.https,
        # How old a signed cookie may be. Who is signed in rests sooner (signed_in), and so does a resident's
        # device (views.tickets), but a page left open overnight can still be sent and saved.
        PERMANENT_SESSION_LIFETIME=7 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,  # a resident who stops for tea must not lose a page
        WTF_CSRF_SSL_STRICT=config.https,
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_PARTS=2000,
        SEND_FILE_MAX_AGE_DEFAULT=ONE_YEAR,
        BABEL_DEFAULT_LOCALE=config.languages[0],
        RATELIMIT_STORAGE_URI=config.rate_limit_storage,
        RATELIMIT_ENABLED=not config.testing,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logs.init_logs(app)
    register_extensions(app)
    access.init_access(app)
    security.init_security(app)
    register_pages(app)
    register_errors(app)

    @app.context_processor
    def page_words() -> dict[str, object]:
        language = i18n.current_language()
        return {
            "site": config,
            "asset": assets.asset,
            "language": language,
            "page_classes": reading.page_classes(request.cookies.get(reading.COOKIE, ""), language.variant),
            "navigation": navigation.places,
            "page_languages": i18n.offered(),
        }

    return app


def register_extensions(app: Flask) -> None:
    babel.init_app(app, locale_selector=i18n.choose_locale, timezone_selector=lambda: "Europe/London")
    i18n.init_words(app)
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app, add_context_processor=False)
    app.jinja_env.globals["current_user"] = current_user  # looked up where a page asks, not for every page
    login_manager.user_loader(signed_in.load)
    edited_words.init_edits(app)
    app.after_request(reading_trail.write)
    app.teardown_appcontext(close_session)


def register_pages(app: Flask) -> None:
    from survey_app.views import BLUEPRINTS

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)


def register_errors(app: Flask) -> None:
    @app.errorhandler(CSRFError)
    def form_expired(_error: CSRFError) -> ResponseReturnValue:
        return render_template(
            "errors/error.html",
            code=400,
            title=_("This page is out of date"),
            message=_(
                "We could not check that this form came from you. Nothing you saved "
                "before has been lost. Go back, reload the page and try again."
            ),
        ), 400

    @app.errorhandler(HTTPException)
    def known_error(error: HTTPException) -> ResponseReturnValue:
        title, message = ERROR_WORDS.get(error.code or 500, ERROR_WORDS[500])()
        return render_template(
            "errors/error.html", code=error.code, title=title, message=message
        ), error.code or 500

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> ResponseReturnValue:
        if app.config["TESTING"]:
            raise error
        logs.log_failure(error)
        title, message = ERROR_WORDS[500]()
        return render_template("errors/error.html", code=500, title=title, message=message), 500


ERROR_WORDS = {
    400: lambda: (_("We could not read that request"), _("Go back and try again.")),
    403: lambda: (
        _("You cannot open this page"),
        _("Your sign-in does not include it. If you need it for your work, ask whoever invited you."),
    ),
    404: lambda: (
        _("There is no page here"),
        _("Check the address. If you followed a link or a poster, the survey may have a new address."),
    ),
    405: lambda: (_("We could not read that request"), _("Go back and try again.")),
    410: lambda: (_("This link has been used or is out of date"), _("Ask for a new one.")),
    413: lambda: (_("That was too long to save"), _("Go back, shorten what you wrote and try again.")),
    429: lambda: (_("Too many tries"), _("Wait a minute, then try again. Nothing has been lost.")),
    500: lambda: (
        _("Something went wrong on our side"),
        _("Answers you saved are safe. Wait a moment, then reload this page."),
    ),
}
