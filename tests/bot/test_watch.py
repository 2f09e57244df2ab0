"""A saved change serves within two seconds, however it came into the folder."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.watch import fingerprint, watch

#: Seconds in which a change must be read; the promise of the product.
WITHIN_S = 2.0


@asynccontextmanager
async def watched(folder: Path, reload: Callable[[], str]) -> AsyncIterator[asyncio.Queue[str]]:
    """Watches without a sweep, so that only notices can tell; begins when the watching has begun."""
    seen: asyncio.Queue[str] = asyncio.Queue()
    task = asyncio.create_task(watch(folder, reload, seen.put, since="another state", sweep_s=3600))
    try:
        await asyncio.wait_for(seen.get(), 10)
        yield seen
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    faq = tmp_path / "faq"
    (faq / "entries" / "visa").mkdir(parents=True)
    (faq / "entries" / "visa" / "one.md").write_text("first")
    return faq


def move(path: Path, to: Path) -> None:
    path.replace(to)


def content(folder: Path) -> str:
    return (folder / "entries" / "visa" / "one.md").read_text()


async def test_a_saved_file_is_read_within_two_seconds(folder: Path) -> None:
    async with watched(folder, lambda: content(folder)) as seen:
        (folder / "entries" / "visa" / "one.md").write_text("second")
        assert await asyncio.wait_for(seen.get(), WITHIN_S) == "second"


async def test_a_file_that_an_editor_puts_in_place_is_noticed(folder: Path) -> None:
    async with watched(folder, lambda: content(folder)) as seen:
        draft = folder / "entries" / "visa" / "one.md.part"
        draft.write_text("second")
        move(draft, folder / "entries" / "visa" / "one.md")
        assert await asyncio.wait_for(seen.get(), WITHIN_S) == "second"


async def test_a_replaced_folder_is_noticed_and_watched_on(folder: Path, tmp_path: Path) -> None:
    async with watched(folder, lambda: content(folder)) as seen:
        other = tmp_path / "other"
        shutil.copytree(folder, other)
        (other / "entries" / "visa" / "one.md").write_text("second")
        move(folder, tmp_path / "old")
        move(other, folder)
        assert await asyncio.wait_for(seen.get(), WITHIN_S) == "second"
        (folder / "entries" / "visa" / "one.md").write_text("third")
        assert await asyncio.wait_for(seen.get(), WITHIN_S) == "third"


async def test_a_link_that_points_elsewhere_is_noticed_and_followed(folder: Path, tmp_path: Path) -> None:
    release = tmp_path / "release"
    shutil.copytree(folder, release / "faq")
    (release / "faq" / "entries" / "visa" / "one.md").write_text("second")
    site = tmp_path / "site"
    site.mkdir()
    link = site / "faq"
    link.symlink_to(folder)
    async with watched(link, lambda: content(link)) as seen:
        (site / "next").symlink_to(release / "faq")
        move(site / "next", link)
        assert await asyncio.wait_for(seen.get(), WITHIN_S) == "second"
        (release / "faq" / "entries" / "visa" / "one.md").write_text("third")
        assert await asyncio.wait_for(seen.get(), WITHIN_S) == "third"


async def test_a_link_above_the_folder_that_points_elsewhere_is_noticed(folder: Path, tmp_path: Path) -> None:
    release = tmp_path / "release"
    shutil.copytree(folder, release / "faq")
    (release / "faq" / "entries" / "visa" / "one.md").write_text("second")
    current = tmp_path / "current"
    current.symlink_to(folder.parent)
    async with watched(current / "faq", lambda: content(current / "faq")) as seen:
        (tmp_path / "next").symlink_to(release)
        move(tmp_path / "next", current)
        assert await asyncio.wait_for(seen.get(), WITHIN_S) == "second"


async def test_a_folder_that_comes_back_after_it_was_gone_is_read(folder: Path, tmp_path: Path) -> None:
    def reload() -> str:
        return content(folder) if folder.exists() else "gone"

    async with watched(folder, reload) as seen:
        move(folder, tmp_path / "away")
        assert await asyncio.wait_for(seen.get(), WITHIN_S) == "gone"
        move(tmp_path / "away", folder)
        assert await asyncio.wait_for(seen.get(), WITHIN_S) == "first"


async def test_a_failing_reload_does_not_end_the_watching(folder: Path) -> None:
    def reload() -> str:
        if content(folder) == "broken":
            raise ValueError("broken")
        return content(folder)

    async with watched(folder, reload) as seen:
        (folder / "entries" / "visa" / "one.md").write_text("broken")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(seen.get(), 1)
        (folder / "entries" / "visa" / "one.md").write_text("mended")
        assert await asyncio.wait_for(seen.get(), WITHIN_S) == "mended"


async def test_a_sweep_finds_what_no_notice_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.watch._listen", silent)
    seen: asyncio.Queue[str] = asyncio.Queue()
    task = asyncio.create_task(watch(folder, lambda: content(folder), seen.put, since="another state", sweep_s=0.05))
    assert await asyncio.wait_for(seen.get(), 10) == "first"
    (folder / "entries" / "visa" / "one.md").write_text("second")
    assert await asyncio.wait_for(seen.get(), 10) == "second"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_the_report_of_a_check_is_no_change(folder: Path) -> None:
    before = fingerprint(folder)
    (folder / "entries" / "检查结果-check.txt").write_text("nothing is wrong")
    assert fingerprint(folder) == before
    (folder / "entries" / "visa" / "two.md").write_text("more")
    assert fingerprint(folder) != before
