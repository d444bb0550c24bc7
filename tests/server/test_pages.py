"""The page and its files: a closed list, strict headers, nothing from outside."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.app import create_app
from server.assets import Assets
from server.middleware import POLICY
from server.settings import Settings

SCRIPT = b"console.log(1);\n" * 200


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build leaves behind, in small."""
    folder = tmp_path_factory.mktemp("dist")
    files = {
        "assets/app-abcd1234.js": SCRIPT,
        "assets/app-efgh5678.css": b"body{}",
        "assets/font-ijkl9012.woff2": bytes(5000),
        "swagger-ui-dist/swagger-ui-bundle.js": b"var SwaggerUIBundle",
        "swagger-ui-dist/swagger-ui.css": b".x{}",
        "THIRD_PARTY.md": b"# licences",
        ".stamp": b"secret",
        "odd.exe": b"MZ",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    manifest = {
        "static/src/main.ts": {"file": "assets/app-abcd1234.js", "isEntry": True, "css": ["assets/app-efgh5678.css"]}
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder.parent / "outside.js").write_bytes(b"outside")
    return folder


@pytest.fixture(scope="module")
def site(built: Path) -> Iterator[TestClient]:
    app = create_app(Settings())
    app.state.assets = Assets(built)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_the_page_names_its_files(site: TestClient) -> None:
    response = site.get("/")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "static/assets/app-abcd1234.js" in response.text
    assert "static/assets/app-efgh5678.css" in response.text
    assert "{{" not in response.text
    assert "{%" not in response.text


@pytest.mark.parametrize(
    ("url", "accept", "locale"),
    [
        ("/", "en", "en"), ("/", "zh-CN", "zh"), ("/?lang=zh", "en", "zh"), ("/?lang=en", "zh", "en"),
        ("/?lang=fr", "zh", "zh"),
        ("/?lang=<script>", "", "en"), ("/?f=x%2By", "zh", "zh"),
    ],
)  # fmt: skip
def test_the_page_speaks_the_readers_language(site: TestClient, url: str, accept: str, locale: str) -> None:
    response = site.get(url, headers={"accept-language": accept})
    assert response.headers["content-language"] == locale
    assert f'lang="{locale}' in response.text
    assert ("自动微分" in response.text) == (locale == "zh")
    assert "accept-language" in response.headers["vary"].lower()


def test_the_page_has_no_script_or_style_of_its_own(site: TestClient) -> None:
    for path in ("/", "/docs"):
        text = site.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert " onload=" not in text
        assert all(" src=" in part.split(">")[0] for part in text.split("<script")[1:])
        assert "//" not in text.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/static/assets/app-abcd1234.js", "/api/v1/ops", "/nope", "/metrics", "/openapi.json"]
)
def test_every_answer_is_strict(site: TestClient, path: str) -> None:
    headers = site.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "cache-control" in headers
    assert "server" not in headers


def test_the_policy_is_closed() -> None:
    assert POLICY.startswith("default-src 'none'; ")
    assert "unsafe" not in POLICY
    assert "*" not in POLICY


def test_hashed_files_are_kept_for_ever(site: TestClient) -> None:
    response = site.get("/static/assets/app-abcd1234.js")
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["content-type"].startswith("text/javascript")
    assert site.get("/static/swagger-ui-dist/swagger-ui.css").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/static/assets/app-abcd1234.js", "/", "/docs", "/openapi.json"])
def test_what_the_browser_has_is_not_sent_again(site: TestClient, path: str) -> None:
    tag = site.get(path).headers["etag"]
    for value in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = site.get(path, headers={"if-none-match": value})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert site.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_files_are_compressed_for_those_who_can_read_it(site: TestClient) -> None:
    url = "/static/assets/app-abcd1234.js"

    def raw(accept: str) -> tuple[str | None, bytes]:
        with site.stream("GET", url, headers={"accept-encoding": accept}) as response:
            return response.headers.get("content-encoding"), b"".join(response.iter_raw())

    coding, content = raw("br, gzip")
    assert (coding, gzip.decompress(content)) == ("gzip", SCRIPT)
    assert raw("identity") == raw("gzip;q=0") == raw("") == (None, SCRIPT)
    assert site.get("/static/assets/font-ijkl9012.woff2").headers.get("content-encoding") is None


def test_a_range_is_ignored(site: TestClient) -> None:
    response = site.get("/static/assets/app-abcd1234.js", headers={"range": "bytes=0-1,5-6," * 1000 + "7-8"})
    assert response.status_code == 200
    assert response.content == SCRIPT


def test_head_is_get_without_a_body(site: TestClient) -> None:
    for path in ("/", "/static/assets/app-abcd1234.js", "/openapi.json"):
        assert site.head(path).headers["etag"] == site.get(path).headers["etag"]
        assert site.head(path).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        ".stamp", "manifest.json", "odd.exe", "../outside.js", "..%2Foutside.js", "%2e%2e/outside.js",
        "assets/../.stamp", "assets/..%2F..%2Foutside.js", "/etc/passwd", "assets", "assets/", "",
        "ASSETS/app-abcd1234.js", "assets//app-abcd1234.js",
        "assets/app-abcd1234.js/", "assets/app-abcd1234.js%00", "assets\\app-abcd1234.js",
    ],
)  # fmt: skip
def test_only_what_is_on_the_list(site: TestClient, name: str) -> None:
    response = site.get(f"/static/{name}")
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_the_documentation_loads_our_own_files(site: TestClient) -> None:
    text = site.get("/docs").text
    for name in (
        "static/swagger-ui-dist/swagger-ui-bundle.js",
        "static/swagger-ui-dist/swagger-ui.css",
        "docs/start.js",
    ):
        assert name in text
        assert site.get(f"/{name}").status_code == 200
    assert '"openapi.json"' in site.get("/docs/start.js").text


def test_without_a_build_the_api_works_and_the_page_says_why(tmp_path: Path) -> None:
    app = create_app(Settings())
    app.state.assets = Assets(tmp_path)
    with TestClient(app) as client:
        assert client.get("/").json()["code"] == client.get("/docs").json()["code"] == "not_built"
        assert client.post("/api/v1/graph", json={"source": "x"}).status_code == 200
        assert client.get("/healthz").json() == {"status": "ok", "page": False}
