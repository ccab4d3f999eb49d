"""What is given at the start and cannot be used: one sentence each, and nothing is fixed by a mistake."""

from __future__ import annotations

import json

import pytest

from cairn.site.given import address, data_folder

LIKE = "postgresql://user:password@host:port/name"


@pytest.fixture
def given(tmp_path, monkeypatch):
    """Sets what is given, and starts; a refusal comes back as its sentence."""

    def start(**environment):
        for name in ("CAIRN_DATA", "CAIRN_URL", "CAIRN_FILES_URL"):
            monkeypatch.setenv(name, environment.get(name, str(tmp_path / "data") if name == "CAIRN_DATA" else ""))
        try:
            return data_folder(8000)
        except SystemExit as stopped:
            return str(stopped)

    return start


def fixed(tmp_path):
    return tmp_path / "data" / "site.json"


def test_the_first_start_fixes_the_sites_address(given, tmp_path):
    assert given().url == "http://localhost:8000"
    assert given(CAIRN_URL="http://localhost:8000/").url == "http://localhost:8000"
    assert json.loads(fixed(tmp_path).read_text())["files_url"] == "http://127.0.0.1:8000"


@pytest.mark.parametrize("name", ["CAIRN_URL", "CAIRN_FILES_URL"])
@pytest.mark.parametrize(
    "value",
    ["garbage", "ftp://example.org", "https://", "https://[bad", "http://exa mple.org", "https://example.org/cairn", "https://u:p@example.org",
     "https://example.org?x", "https://example.org:70000", "https://example.org:abc"],
)  # fmt: skip
def test_an_address_that_is_none_stops_the_start_and_is_not_fixed(given, tmp_path, name, value):
    said = given(**{name: value})
    assert said.startswith(f"Cairn cannot start: {name} is")
    assert "Write it like https://badges.example.org" in said
    assert not fixed(tmp_path).exists()


def test_one_host_for_site_and_evidence_is_refused_before_it_is_fixed(given, tmp_path):
    assert "Evidence needs a host of its own" in given(CAIRN_URL="http://127.0.0.1:8000")
    assert not fixed(tmp_path).exists()
    assert given(CAIRN_URL="https://badges.example.org").url == "https://badges.example.org"


@pytest.mark.parametrize("name", ["CAIRN_URL", "CAIRN_FILES_URL"])
def test_another_address_than_the_fixed_one_is_refused_and_not_ignored(given, tmp_path, name):
    given()
    said = given(**{name: "https://elsewhere.example.org"})
    assert f"{name} is https://elsewhere.example.org, but {tmp_path / 'data'} belongs to http://" in said


def test_a_data_folder_that_cannot_be_used_is_named(given, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    for path in (file, file / "below", "/proc/none"):
        assert f"The data folder {path} cannot be used (" in given(CAIRN_DATA=str(path))


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"url": 1, "files_url": 2}', "\udcff"])
def test_a_data_folder_whose_addresses_are_lost_is_named(given, tmp_path, text):
    given()
    fixed(tmp_path).write_bytes(text.encode(errors="surrogateescape"))
    assert "its site.json cannot be read" in given()


@pytest.mark.parametrize("text", ["postgresql://u:secret@host:99999/db", "postgresql://u:sec/ret@host/db", "postgresql://[::1/secret"])
def test_an_address_with_a_password_is_refused_without_repeating_it(text):
    with pytest.raises(SystemExit) as stopped:
        address("CAIRN_DB", text, like=LIKE)
    assert f"CAIRN_DB is not an address. Write it like {LIKE}" in str(stopped.value)
    assert "sec" not in str(stopped.value)
