"""A forge of processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.lives import Forge, forge


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    """Everything heavy is loaded once for all lives."""
    with forge(tmp_path_factory.mktemp("forge")) as forged:
        yield forged


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a life keeps its data."""
    return tmp_path
