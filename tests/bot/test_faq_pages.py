"""The FAQ in the console, without scripts: an admin opens, checks, saves, uploads; others may not; who comes second loses nothing."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from faq.knowledge import Knowledge
from handlers.desk import Desk
from storage.workers import Role
from tests.bot.web import PIANO, Desktop, Visitor
from tests.desks import Clock, hire
from tests.faq.samples import path_of, write

CARD = "/console/faq/entries/library-card"


@pytest.fixture
def knowledge(tmp_path: Path) -> Knowledge:
    """A FAQ of two entries in which nothing is wrong."""
    root = write(tmp_path / "faq")
    for entry_id in ("library-card", "library-late"):
        path = path_of(entry_id, root)
        english = "\n".join(f"- {entry_id} asked in way {number}" for number in range(14))
        chinese = "\n".join(f"- {entry_id} 的第 {number} 种问法" for number in range(14))
        text = path.read_text(encoding="utf-8").replace("2026-11-22", "2026-01-10").replace("2027-02-20", "2027-01-10")
        path.write_text(text.replace("\n\n## 问题", f"\n{english}\n\n## 问题") + f"{chinese}\n", encoding="utf-8")
    return Knowledge(root)


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def card(knowledge: Knowledge) -> Path:
    return path_of("library-card", knowledge.loaded.folder)


@pytest.fixture
async def admin(desk: Desk, worker_browser: Callable[[], Desktop]) -> Desktop:
    await hire(desk, "Gao Min", Role.admin)
    return await worker_browser().sign_in(desk, "Gao Min")


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def test_an_admin_finds_an_entry_changes_it_and_sees_who_did(admin: Desktop, desk: Desk, card: Path) -> None:
    await admin.open("/console")
    assert "/console/faq" in admin.page.links
    await admin.open("/console/faq?q=借书证")
    assert CARD in admin.page.links
    await admin.open(CARD)
    assert "Nothing is wrong." in admin.page.text
    assert "Getting a library card" in admin.page.text
    assert "怎么办借书证" in admin.page.text
    await admin.send("/save", text=source(card).replace("One photo", "Two pictures").replace("一张照片", "两张照片").replace("\n", "\r\n"))
    assert "Saved. It serves from now on." in admin.page.text
    assert "Gao Min · changed it here" in admin.page.text
    assert "+- Two pictures" in admin.page.text
    entry = desk.faq.entry("library-card")
    assert entry is not None
    assert entry.answers["zh"].documents[-1] == "两张照片"
    assert "\r" not in source(card)


async def test_a_broken_text_is_kept_in_the_form_and_told_with_its_line_in_both_languages(admin: Desktop, card: Path) -> None:
    before = source(card)
    await admin.open(CARD)
    await admin.send("/save", text=before.replace("### Steps", "### Stepz"))
    assert admin.status == 422
    assert "Not saved: mend what is marked below." in admin.page.text
    assert (
        "line 13, sign 1 “Stepz” is not a heading that an entry has. Did you mean “Steps”? 条目里没有“Stepz”这个标题。" in admin.page.text
    )
    assert "### Stepz" in admin.page.text
    assert source(card) == before


async def test_a_check_keeps_nothing_and_comes_as_a_part_for_the_script(admin: Desktop, card: Path) -> None:
    before = source(card)
    await admin.open(CARD)
    path, hidden = next(form for form in admin.page.forms if form[0].endswith("/save"))
    whole = path.removesuffix("/save") + "/check"
    await admin.post(whole, {**hidden, "text": before.replace("One photo", "Three photos")})
    assert admin.status == 200
    assert "Three photos" in admin.page.text
    assert "html" in admin.page.tags
    await admin.post(f"{whole}?part", {**hidden, "text": before.replace("One photo", "Four photos")})
    assert "Four photos" in admin.page.text
    assert "html" not in admin.page.tags
    assert source(card) == before


async def test_who_saves_second_is_told_and_can_save_after_comparing(
    admin: Desktop, desk: Desk, card: Path, worker_browser: Callable[[], Desktop]
) -> None:
    await hire(desk, "Qian Hao", Role.admin)
    second = await worker_browser().sign_in(desk, "Qian Hao")
    before = source(card)
    await admin.open(CARD)
    await second.open(CARD)
    await admin.send("/save", text=before.replace("Passport\n", "Valid passport\n"))
    await second.send("/save", text=before.replace("Passport\n", "Passport, valid\n"))
    assert second.status == 409
    assert "Somebody else has saved this entry since you opened it." in second.page.text
    assert "Valid passport" in second.page.text
    assert "Passport, valid" in second.page.text
    await second.send("/save", text=before)
    assert "Saved." in second.page.text
    assert source(card) == before


async def test_a_file_of_an_office_computer_is_uploaded(admin: Desktop, card: Path) -> None:
    before = source(card)
    await admin.open(CARD)
    path, hidden = next(form for form in admin.page.forms if form[0].endswith("/upload"))

    async def upload(data: bytes, fields: dict[str, str]) -> httpx.Response:
        return await admin.http.post(
            path, data=fields, files={"file": ("library-card.md.txt", data)}, headers={"Accept": "text/html", "Origin": "http://linli.test"}
        )

    broken = await upload(b"\xff\xd8\xff\xe0 a photo", hidden)
    assert (broken.status_code, source(card)) == (422, before)
    assert "This file is no text that can be read here." in broken.text
    wrong = await upload(before.replace("### Steps", "### Stepz").encode(), hidden)
    assert (wrong.status_code, source(card)) == (422, before)
    good = await upload(before.replace("One photo", "A photo").replace("\n", "\r\n").encode("gb18030"), hidden)
    assert (good.status_code, good.headers["location"]) == (303, f"{CARD}?done=saved")
    assert source(card) == before.replace("One photo", "A photo")
    assert (await upload(b"x" * 70_000, hidden)).status_code in {413, 422}


async def test_a_new_entry_is_begun_and_a_bad_name_refused(admin: Desktop, card: Path, desk: Desk) -> None:
    await admin.open("/console/faq/new?topic=library&id=library-hours")
    assert "A new entry: replace each hint" in admin.page.text
    assert desk.faq.entry("library-hours") is None
    text = source(card).replace("library-card", "library-hours").replace("how do I get a card for the library", "opening hours")
    text = (
        text.replace("borrow books as a foreigner", "when open")
        .replace("怎么办借书证\n- ", "几点开门\n- ")
        .replace("外国人能借书吗", "周日开吗")
    )
    await admin.send("/save", text=text.replace("Related: library-late", "Related: library-card"))
    assert "The new entry serves from now on." in admin.page.text
    await admin.open("/console/faq/new?topic=library&id=../secret")
    assert admin.status == 422


@pytest.mark.parametrize("role", [Role.worker, Role.supervisor])
async def test_nobody_else_opens_or_saves_an_entry(desk: Desk, card: Path, role: Role, worker_browser: Callable[[], Desktop]) -> None:
    await hire(desk, "Wang Lei", role)
    other = await worker_browser().sign_in(desk, "Wang Lei")
    before = source(card)
    assert "/console/faq" not in other.page.links
    _path, hidden = other.page.forms[0]
    for path in ("/console/faq", CARD, "/console/faq/new?topic=a&id=b", "/console/faq/drafts/ticket-1"):
        await other.open(path)
        assert other.status == 403, path
    for path in (
        "entries/library/library-card/save",
        "entries/library/library-card/check",
        "drafts/ticket-1/accept",
        "drafts/ticket-1/check",
    ):
        await other.post(f"/console/faq/{path}", {**hidden, "text": "x", "base": ""})
        assert other.status == 403, path
    assert source(card) == before


async def test_a_form_of_another_site_or_without_its_token_changes_nothing(admin: Desktop, card: Path) -> None:
    before = source(card)
    await admin.open(CARD)
    path, hidden = next(form for form in admin.page.forms if form[0].endswith("/save"))
    await admin.post(path, {**hidden, "csrf": "", "text": before.replace("One photo", "X")})
    assert admin.status == 403
    stranger = await admin.http.post(path, data={**hidden, "text": "x"}, headers={"Origin": "http://evil.test"})
    assert stranger.status_code == 403
    assert source(card) == before


async def test_a_worker_makes_a_draft_and_an_admin_works_on_it(
    admin: Desktop, desk: Desk, ana: Visitor, worker_browser: Callable[[], Desktop]
) -> None:
    await hire(desk)
    chen = await worker_browser().sign_in(desk, "Chen Yuyu")
    ticket = (await ana.say(PIANO))["ticket"]
    await chen.open(f"/console/tickets/{ticket}")
    await chen.send("/reply", text="Mr Li comes on Fridays. Ring 138 1234 5678.")
    await chen.send("/console/faq/drafts")
    assert "The draft is with the admin" in chen.page.text
    await admin.open("/console/faq")
    draft = f"/console/faq/drafts/ticket-{ticket}"
    assert draft in admin.page.links
    await admin.open(draft)
    assert PIANO in admin.page.text
    assert "1234 5678" not in admin.page.text
    await admin.send("/keep", text=admin.page.text)
    assert "The draft is kept." in admin.page.text
    await admin.post(f"{draft}/accept", {**admin.page.forms[1][1], "text": f"# ticket-{ticket}\n"})
    assert admin.status == 409
    await admin.open(draft)
    await admin.send("/discard")
    assert "The draft is gone." in admin.page.text
    await admin.open(draft)
    assert admin.status == 404


async def test_gaps_are_shown_to_who_may_see_them_and_become_a_draft(
    admin: Desktop, desk: Desk, ana: Visitor, worker_browser: Callable[[], Desktop]
) -> None:
    await hire(desk, "Wang Lei")
    await ana.say("my passport is E12345678, who tunes a piano?")
    await admin.open("/console/faq/gaps")
    assert "who tunes a piano?" in admin.page.text
    assert "E12345678" not in admin.page.text
    await admin.send("/console/faq/drafts")
    assert "A draft: nobody is answered from it." in admin.page.text
    await admin.send("/discard")
    wang = await worker_browser().sign_in(desk, "Wang Lei")
    await wang.open("/console/faq/gaps")
    assert wang.status == 403
