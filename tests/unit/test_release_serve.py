"""Whatever serves files serves ``public/`` of the current release only."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from scratch_run import settings_at

from vha.publish.releases import make_current, read_release
from vha.publish.serve import serve_public
from vha.settings import Settings

SECRET = b"people"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_at(tmp_path / "home")
    for day, run_id in enumerate(("r1", "r2"), start=1):
        release = settings.home / "releases" / run_id
        for folder in ("public/site", "public/data_docs", "public/empty", "restricted"):
            (release / folder).mkdir(parents=True)
        (release / "public/site/index.html").write_text(f"site of {run_id}")
        (release / "public/oversight.duckdb").write_bytes(b"figures")
        (release / "restricted/assessment.duckdb").write_bytes(SECRET)
        manifest = f'{{"run_id": "{run_id}", "as_of": "2026-09-0{day}", "published_at": ""}}'
        (release / "manifest.json").write_text(manifest)
    (settings.home / "secret.txt").write_bytes(SECRET)
    return settings


@pytest.fixture
def port(settings: Settings) -> Iterator[int]:
    server = serve_public(settings, 0)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def get(port: int, path: str, method: str = "GET") -> tuple[int, bytes, str | None]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.putrequest(method, path, skip_host=False)
    connection.endheaders()
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, content, response.getheader("Location")


def make(settings: Settings, run_id: str) -> None:
    make_current(settings, read_release(settings.home / "releases" / run_id))


def test_public_files_are_served(settings: Settings, port: int) -> None:
    make(settings, "r1")
    assert get(port, "/") == (302, b"", "/site/")
    assert get(port, "/site/")[:2] == (200, b"site of r1")
    assert get(port, "/site/index.html?query#part")[:2] == (200, b"site of r1")
    assert get(port, "/site") == (301, b"", "/site/")
    assert get(port, "/oversight.duckdb")[:2] == (200, b"figures")
    assert get(port, "/site/", "HEAD")[:2] == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/restricted/assessment.duckdb",
        "/assessment.duckdb",
        "/manifest.json",
        "/../restricted/assessment.duckdb",
        "/site/../../restricted/assessment.duckdb",
        "/%2e%2e/restricted/assessment.duckdb",
        "/..%2frestricted%2fassessment.duckdb",
        "/%252e%252e/restricted/assessment.duckdb",
        "/..\\restricted\\assessment.duckdb",
        "//restricted/assessment.duckdb",
        "/../../../secret.txt",
        "/..//r1/restricted/assessment.duckdb",
        "/site/index.html/",
        "/site/%00",
        "/empty/",
        "/data_docs/",
        "/nothing.html",
        "*",
    ],
)
def test_anything_else_is_not_found(settings: Settings, port: int, path: str) -> None:
    make(settings, "r1")
    status, content, _ = get(port, path)
    assert status == 404
    assert SECRET not in content


def test_an_absolute_path_is_not_found(settings: Settings, port: int) -> None:
    make(settings, "r1")
    for path in (f"/{settings.home}/secret.txt", str(settings.home / "secret.txt")):
        assert get(port, path)[0] == 404


def test_symbolic_links_that_lead_out_are_not_followed(settings: Settings, port: int) -> None:
    make(settings, "r1")
    public = settings.home / "releases/r1/public"
    (public / "people.duckdb").symlink_to("../restricted/assessment.duckdb")
    (public / "folder").symlink_to("../restricted")
    (public / "empty/index.html").symlink_to("../../restricted/assessment.duckdb")
    for path in ("/people.duckdb", "/folder/assessment.duckdb", "/empty/", "/empty/index.html"):
        status, content, _ = get(port, path)
        assert (status, SECRET in content) == (404, False)


def test_before_the_first_release_there_is_nothing(port: int) -> None:
    assert get(port, "/site/")[0] == 404


def test_a_reader_sees_the_current_release_from_the_next_request_on(settings: Settings, port: int) -> None:
    make(settings, "r1")
    assert get(port, "/site/")[1] == b"site of r1"
    make(settings, "r2")
    assert get(port, "/site/")[1] == b"site of r2"
    make(settings, "r1")
    assert get(port, "/site/")[1] == b"site of r2", "an earlier as-of date never becomes current"


def test_it_listens_on_loopback_only(settings: Settings) -> None:
    with serve_public(settings, 0) as server:
        assert server.server_address[0] == "127.0.0.1"
