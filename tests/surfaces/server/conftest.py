from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.address import bind
from layerwalk.surfaces.server.server import Server


@pytest.fixture
def library() -> Library:
    return Library(upload_limit=1 << 20)


@pytest.fixture
def server(library: Library) -> Iterator[Server]:
    """A real server on a free port of this machine."""
    with Server(library, bind(port=0)) as server:
        yield server


@pytest.fixture
def stranger(server: Server) -> Iterator[httpx.Client]:
    """Somebody who does not know the token."""
    with httpx.Client(base_url=server.address.url, timeout=60) as client:
        yield client


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    """Somebody who does."""
    headers = {"Authorization": f"Bearer {server.token}"}
    with httpx.Client(base_url=server.address.url, headers=headers, timeout=60) as client:
        yield client
