"""The application: its routers, its middleware, its error handlers: explicit lists. Nothing happens at import."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware import Middleware

from server.assets import Assets
from server.errors import HANDLERS
from server.grading.graders import Graders
from server.locale import LOCALES, catalogue
from server.metrics import Metrics
from server.middleware import Observed, SecurityHeaders
from server.routers import catalogues, grading, operations, pages, work
from server.schemas.openapi import document
from server.settings import Settings
from server.version import version
from server.work import Workshop

ROUTERS = (work.router, catalogues.router, grading.router, operations.router, pages.router)


def create_app(settings: Settings | None = None) -> FastAPI:
    """A new application; its settings are those of the environment unless given."""
    chosen = settings or Settings.from_environment()
    metrics = Metrics()
    for locale in LOCALES:
        catalogue(locale)  # a broken file fails here, not in a request
    app = FastAPI(
        title="Wengert",
        version=version(),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        middleware=[Middleware(SecurityHeaders), Middleware(Observed, metrics=metrics)],
        exception_handlers=HANDLERS,
    )
    for router in ROUTERS:
        app.include_router(router)
    app.state.metrics = metrics
    app.state.workshop = Workshop(chosen.threads, chosen.waiting)
    app.state.graders = Graders(chosen.graders, chosen.waiting)
    app.state.assets = Assets()
    app.state.openapi = document(app, version())
    return app
