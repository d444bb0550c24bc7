from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from server.app import create_app
from server.settings import Settings

Post = Callable[..., Any]


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def post(client: TestClient) -> Post:
    """POST to an endpoint by its short name; the answer must be a success."""

    def send(name: str, **body: Any) -> Any:
        response = client.post(f"/api/v1/{name}", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    return send
