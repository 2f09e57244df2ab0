"""docker-compose.yml and its image, checked without a Docker engine."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).parent.parent


@pytest.fixture
def compose() -> dict[str, Any]:
    """The file as Docker reads it."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return loaded


def test_linli_starts_after_the_tables_are_in_their_newest_form(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["linli"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services["migrate"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert services["migrate"]["command"] == ["linli", "db", "upgrade"]


def test_settings_of_the_services_exist(compose: dict[str, Any]) -> None:
    known = {f"LINLI_{name.upper()}" for name in Settings.model_fields}
    for service in ("migrate", "linli"):
        assert set(compose["services"][service]["environment"]) <= known


def test_named_volumes_are_declared(compose: dict[str, Any]) -> None:
    used = {volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])}
    assert {name for name in used if not name.startswith(".")} == set(compose["volumes"])


def test_pages_are_not_open_to_the_network_without_a_proxy(compose: dict[str, Any]) -> None:
    assert compose["services"]["linli"]["ports"] == ["127.0.0.1:8000:8000"]


def test_image_copies_what_is_there_and_runs_as_nobody_special(compose: dict[str, Any]) -> None:
    build = compose["services"]["linli"]["build"]
    lines = (ROOT / build["dockerfile"]).read_text(encoding="utf-8").splitlines()
    copied = [word for line in lines if line.startswith("COPY") for word in line.split()[1:-1]]
    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert "USER linli" in lines
    assert not any(re.search(r"(TOKEN|PASSWORD|SECRET)=", line) for line in lines)
