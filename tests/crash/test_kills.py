"""Killed at any moment, Linli has lost nothing it said yes to, and has done nothing twice. The command with many more kills: bench_kills."""

from pathlib import Path

from tests.crash import scenarios
from tests.crash.lives import Forge


async def test_the_web_chat_on_sqlite(made: Forge, folder: Path, sqlite_url: str) -> None:
    verdict = await scenarios.web(made, folder, sqlite_url, kills=8)
    assert verdict.clean, verdict


async def test_the_web_chat_on_postgresql(made: Forge, folder: Path, postgresql_url: str) -> None:
    verdict = await scenarios.web(made, folder, postgresql_url, kills=7)
    assert verdict.clean, verdict


async def test_telegram_by_polling_on_sqlite(made: Forge, folder: Path, sqlite_url: str) -> None:
    verdict = await scenarios.telegram(made, folder, sqlite_url, kills=8, mode="polling", friends=12)
    assert verdict.clean, verdict


async def test_telegram_by_webhook_on_postgresql(made: Forge, folder: Path, postgresql_url: str) -> None:
    verdict = await scenarios.telegram(made, folder, postgresql_url, kills=7, friends=12)
    assert verdict.clean, verdict


async def test_three_processes_of_which_one_is_killed_again_and_again(made: Forge, folder: Path, postgresql_url: str) -> None:
    verdict, _seconds = await scenarios.replicas(made, folder, postgresql_url, messages=150, every_s=1.5)
    assert verdict.clean, verdict
    assert verdict.messages == 144
