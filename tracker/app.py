"""The web application, put together."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker import extensions, paths
from tracker.config import Settings
from tracker.models.engine import configure, engine_options
from tracker.views import BLUEPRINTS
from tracker.views.errors import register_errors
from tracker.views.filters import register_filters
from tracker.views.guards import RowNumber, register_guards

MEGABYTE = 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from settings, or from the environment where none are given."""
    settings = settings or Settings.from_environment()
    app = Flask("tracker", template_folder=str(paths.bundled("templates")), static_folder=str(paths.package("static")))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=MEGABYTE,
        MAX_FORM_PARTS=2_000,
        SESSION_COOKIE_NAME="__Host-session" if not settings.testing else "session",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        TESTING=settings.testing,
        IMPORT_PATIENCE=60 if settings.testing else 2,  # seconds that a page waits for work on a file
    )
    app.extensions["settings"] = settings
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.undefined = StrictUndefined
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(str(paths.bundled("templates"))),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    extensions.db.init_app(app)
    with app.app_context():
        configure(extensions.db.engine)
    register_guards(app)
    extensions.csrf.init_app(app)
    extensions.login.init_app(app)
    register_filters(app)
    register_errors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
