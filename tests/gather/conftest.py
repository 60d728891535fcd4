"""What several tests of gathering share."""

import pytest
from bridge import PAGE
from served import Server


@pytest.fixture
def serve():
    servers = []

    def start(answer):
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "one.txt").write_text(PAGE, "utf-8")
    return tmp_path
