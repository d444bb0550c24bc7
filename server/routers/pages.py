"""The page, its files, and the API's documentation: everything comes from this server."""

from __future__ import annotations

from functools import cache

from anyio.to_thread import run_sync
from fastapi import APIRouter
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import Response

from server.assets import ASK_AGAIN, Asset, Assets, etag
from server.client import CLIENT
from server.errors import RequestError, language_of
from server.locale import LOCALES, catalogue
from server.paths import TEMPLATES

router = APIRouter(include_in_schema=False)
GET = ["GET", "HEAD"]
VARY = "Accept-Encoding, Accept-Language"
HTML = "text/html; charset=utf-8"
SWAGGER = "swagger-ui-dist"


@router.api_route("/", methods=GET)
async def page(request: Request) -> Response:
    """The page of the steps."""
    return html(request, "index")


@router.api_route("/grade", methods=GET)
async def grade(request: Request) -> Response:
    """The page on which tasks and answers are tried."""
    return html(request, "grade")


def html(request: Request, name: str) -> Response:
    """A page, in the language of `?lang=` or else of the browser."""
    assets: Assets = request.app.state.assets
    if name not in assets.entries:
        raise RequestError("not_built")
    wanted = request.query_params.get("lang", "")
    locale = wanted if wanted in LOCALES else language_of(request).locale
    content = render(assets, name, locale)
    return conditional(request, Asset(content, None, HTML, etag(content), ASK_AGAIN), {"Content-Language": locale})


@cache
def render(assets: Assets, name: str, locale: str) -> bytes:
    """A page's HTML. Raises what Jinja2 raises, which is a mistake of ours."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True), undefined=StrictUndefined
    )
    entry, words = assets.entries[name], catalogue(locale)
    links = {"script": f"static/{entry.script}", "styles": [f"static/{style}" for style in entry.styles]}
    text = environment.get_template("index.html").render(
        assets=links, locale=locale, locales=LOCALES, say=words.say,
        title=words.say(f"site.title.{name}"), description=words.say(f"site.description.{name}"),
    )  # fmt: skip
    return text.encode()


@router.api_route("/static/{name:path}", methods=GET)
async def static(request: Request, name: str) -> Response:
    """A built file."""
    assets: Assets = request.app.state.assets
    if name not in assets:
        raise RequestError("not_found")
    return conditional(request, await run_sync(assets.get, name) if not assets.ready(name) else assets.get(name), {})


def conditional(request: Request, asset: Asset, headers: dict[str, str]) -> Response:
    """An asset, or 304 when the client has it. `Range` is ignored: every answer is whole."""
    headers = {**headers, "ETag": asset.etag, "Cache-Control": asset.caching, "Vary": VARY}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if asset.etag in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    packed = asset.packed if takes_gzip(request) else None
    if packed is not None:
        headers["Content-Encoding"] = "gzip"
    return Response(asset.content if packed is None else packed, headers=headers, media_type=asset.type)


def takes_gzip(request: Request) -> bool:
    """Whether the client says that it understands gzip."""
    for item in request.headers.get("accept-encoding", "").split(","):
        coding, _, weight = item.replace(" ", "").partition(";")
        if coding == "gzip":
            return weight not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


@router.api_route("/client/wengert_client.py", methods=GET)
async def client(request: Request) -> Response:
    """The client for notebooks and autograders, to be saved beside them."""
    return text(request, CLIENT.read_text(encoding="utf-8"), "text/x-python; charset=utf-8")


DOCS = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Wengert API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="static/{SWAGGER}/swagger-ui.css">
<main id="docs"></main>
<script src="static/{SWAGGER}/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""
START = 'SwaggerUIBundle({url: "openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null});\n'


@router.api_route("/docs", methods=GET)
async def docs(request: Request) -> Response:
    """Swagger UI, from our own files."""
    if f"{SWAGGER}/swagger-ui-bundle.js" not in request.app.state.assets:
        raise RequestError("not_built")
    return text(request, DOCS, HTML)


@router.api_route("/docs/start.js", methods=GET)
async def docs_start(request: Request) -> Response:
    """What starts Swagger UI: a file, because the policy allows no inline script."""
    return text(request, START, "text/javascript; charset=utf-8")


@router.api_route("/openapi.json", methods=GET)
async def openapi(request: Request) -> Response:
    """The contract."""
    content: bytes = request.app.state.openapi
    return conditional(request, Asset(content, None, "application/json", etag(content), ASK_AGAIN), {})


def text(request: Request, content: str, media: str) -> Response:
    """A constant of this module."""
    return conditional(request, Asset(content.encode(), None, media, etag(content.encode()), ASK_AGAIN), {})
