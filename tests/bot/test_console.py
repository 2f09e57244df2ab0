"""The desk in the browser, without scripts: signing in, the queue, a ticket's whole life, two workers, and who may not."""

import re
from collections.abc import Callable

import httpx
import pytest

from handlers.desk import Desk
from handlers.staff import queue, roster
from storage import communities
from tests.bot.web import PIANO, REGISTER, Desktop, Visitor, seconds_pass
from tests.desks import Clock, hire


def _hidden(browser: Desktop, action: str) -> dict[str, str]:
    return next(hidden for path, hidden in browser.page.forms if action in path)


async def test_looking_at_a_sign_in_link_spends_nothing(desk: Desk, worker_browser: Callable[[], Desktop]) -> None:
    worker = await hire(desk)
    path = f"/console/link/{await roster.link(desk, worker.id)}"
    preview, browser = worker_browser(), worker_browser()
    for _time in range(3):
        await preview.open(path)
    await preview.open("/console")
    assert preview.status == 401
    await browser.open(path)
    await browser.send("/link/")
    assert browser.status == 200
    await preview.post(path, {})
    assert preview.status == 410
    assert "used already" in preview.page.text


async def test_session_cookie_is_out_of_reach(desk: Desk, http: httpx.AsyncClient) -> None:
    worker = await hire(desk)
    response = await http.post(f"/console/link/{await roster.link(desk, worker.id)}", headers={"Origin": "http://linli.test"})
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/console" in cookie


async def test_a_link_is_too_old_after_a_day(desk: Desk, clock: Clock, worker_browser: Callable[[], Desktop]) -> None:
    worker = await hire(desk)
    token = await roster.link(desk, worker.id)
    clock.pass_(hours=25)
    browser = worker_browser()
    await browser.post(f"/console/link/{token}", {})
    assert browser.status == 410


async def test_signing_out_ends_the_session(chen: Desktop) -> None:
    session = dict(chen.http.cookies)
    await chen.send("sign-out")
    assert chen.status == 401
    chen.http.cookies.update(session)
    await chen.open("/console")
    assert chen.status == 401


async def test_a_session_idles_out(chen: Desktop, clock: Clock) -> None:
    clock.pass_(hours=1, minutes=50)
    assert (await chen.open("/console"), chen.status)[1] == 200
    clock.pass_(hours=1, minutes=50)
    assert (await chen.open("/console"), chen.status)[1] == 200
    clock.pass_(hours=2, minutes=1)
    assert (await chen.open("/console"), chen.status)[1] == 401


async def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(chen: Desktop, clock: Clock) -> None:
    for _time in range(5):
        clock.pass_(minutes=25)
        await chen.open("/console/queue")
    assert chen.status == 401


async def test_a_removed_worker_is_out_at_once(chen: Desktop, desk: Desk) -> None:
    await roster.remove(desk, (await roster.named(desk, "Chen Yuyu")).id)
    await chen.open("/console")
    assert chen.status == 401


async def test_the_queue_says_who_what_how_long_and_where(chen: Desktop, ana: Visitor, clock: Clock) -> None:
    assert "Nobody is waiting" in (await chen.open("/console")).text
    await ana.tap("c:willow")
    await ana.say(PIANO)
    clock.pass_(minutes=25)
    text = (await chen.open("/console")).text
    assert PIANO in text
    assert "R-0001 has waited 25 minutes. Nobody has it yet." in text
    assert "Ticket 1 · Willow" in text
    assert "To answer 1" in text


async def test_urgent_first_then_whoever_waits_longest(
    chen: Desktop, ana: Visitor, browsers: Callable[[], httpx.AsyncClient], clock: Clock
) -> None:
    for words in (PIANO, "Who repairs an erhu around here?", "help there is a fire in my flat right now"):
        await (await Visitor(browsers()).arrive()).post(id="1", text=words)
        clock.pass_(minutes=1)
    text = (await chen.open("/console")).text
    assert text.index("fire") < text.index("piano") < text.index("erhu")
    assert "Urgent" in text


async def test_answer_reaches_the_resident_from_a_named_person(chen: Desktop, ana: Visitor, desk: Desk, clock: Clock) -> None:
    await ana.say(PIANO)
    await chen.open("/console/tickets/1")
    await chen.send("/reply", text="Mr Li tunes pianos.")
    assert "you can take it back" in chen.page.text
    await seconds_pass(desk, clock)
    assert "not seen yet" in (await chen.open("/console/tickets/1")).text
    last = (await ana.heard())[-1]
    assert (last["author"], last["name"], last["ticket"]) == ("worker", "Chen Yuyu", 1)
    text = (await chen.open("/console/tickets/1")).text
    assert "not seen yet" not in text
    assert "seen" in text


async def test_two_workers_race_and_the_second_is_told_who_has_it(
    chen: Desktop, wang: Desktop, ana: Visitor, desk: Desk, clock: Clock
) -> None:
    await ana.say(PIANO)
    await chen.open("/console/tickets/1")
    await wang.open("/console/tickets/1")
    await chen.send("/reply", text="Mr Li tunes pianos.")
    await wang.send("/reply", text="Ask Mrs Gao.")
    assert wang.status == 409
    assert "Ticket 1 is with Chen Yuyu." in wang.page.text
    assert "Ask Mrs Gao." in wang.page.text
    await seconds_pass(desk, clock)
    assert [line["author"] for line in await ana.heard()] == ["resident", "bot", "worker"]


async def test_nearest_entry_is_sent_with_one_tap(chen: Desktop, ana: Visitor) -> None:
    await ana.say(REGISTER)
    await ana.tap(next(choice["payload"] for choice in ana.last["choices"] if choice["payload"].startswith("n:")))
    text = (await chen.open("/console/tickets/1")).text
    assert "What was said before" in text
    await chen.post("/console/tickets/1/entry", {**_hidden(chen, "/reply"), "entry": "money-bank"})
    assert chen.status == 200
    last = (await ana.heard())[-1]
    assert (last["entry"], last["author"]) == ("money-bank", "worker")


async def test_a_note_stays_among_colleagues(chen: Desktop, ana: Visitor) -> None:
    await ana.say(PIANO)
    before = await ana.heard()
    await chen.open("/console/tickets/1")
    await chen.send("/note", note="She was here last week.")
    assert "She was here last week." in chen.page.text
    assert "Note by Chen Yuyu" in chen.page.text
    assert "seen" not in chen.page.text
    assert await ana.heard() == before


async def test_the_life_of_a_ticket(chen: Desktop, wang: Desktop, ana: Visitor, desk: Desk) -> None:
    await ana.say(PIANO)
    await chen.open("/console/tickets/1")
    await chen.send("/reply", text="")
    assert "nothing to send" in chen.page.text
    await chen.send("/reply", text="One moment.")
    await chen.send("/release")
    assert "back in the queue" in chen.page.text
    await chen.send("/snooze", until="morning")
    assert "Put aside until 3 Mar 2026 09:00." in chen.page.text
    assert PIANO in (await chen.open("/console?pile=aside")).text
    await chen.open("/console/tickets/1")
    await chen.send("/assign", to=str((await roster.named(desk, "Wang Lei")).id))
    assert "Chen Yuyu gave it to Wang Lei." in chen.page.text
    await wang.open("/console/tickets/1")
    await wang.send("/close", outcome="passed_on")
    assert "Closed." in wang.page.text
    await wang.send("/reopen")
    assert "open again" in wang.page.text
    history = [event.kind for event in (await queue.look(desk, 1, 1)).events]
    assert history[-2:] == ["closed", "reopened"]


async def test_what_was_tapped_and_offered_is_in_the_thread(chen: Desktop, ana: Visitor) -> None:
    await ana.say("driving permit from my home country police insurance bank")
    if ana.last["kind"] == "suggestion":
        await ana.tap(next(choice["payload"] for choice in ana.last["choices"] if choice["payload"].startswith("x:")))
    text = (await chen.open(f"/console/tickets/{ana.last['ticket']}")).text
    assert "driving permit from my home country" in text


@pytest.mark.parametrize("wish", ["en", "zh"])
async def test_every_page_speaks_both_languages(chen: Desktop, ana: Visitor, wish: str) -> None:
    await ana.say(PIANO)
    for path in ("/console", "/console/tickets/1", "/console?pile=closed"):
        text = (await chen.open(f"{path}{'&' if '?' in path else '?'}lang={wish}")).text
        assert chen.status == 200
        assert ("To answer" in text) is (wish == "en")
        assert ("待回复" in text) is (wish == "zh")


async def test_hostile_words_are_shown_as_words(chen: Desktop, ana: Visitor) -> None:
    hostile = "</p><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} &lt;"
    await ana.say(hostile)
    await ana.tap("h:")
    for path in ("/console", "/console/tickets/1"):
        page = await chen.open(path)
        assert hostile in page.text
        assert "img" not in page.tags[page.tags.index("body") + 4 :]
        assert page.tags.count("script") == 1


async def test_no_form_is_taken_without_its_token(chen: Desktop, ana: Visitor) -> None:
    await ana.say(PIANO)
    await chen.open("/console/tickets/1")
    for fields in ({}, {"csrf": ""}, {"csrf": "made up"}, {"csrf": "é"}):
        await chen.post("/console/tickets/1/reply", {**fields, "text": "x"})
        assert chen.status == 403
    assert len(await ana.heard()) == 2


async def test_no_form_is_taken_from_another_sites_page(chen: Desktop, ana: Visitor) -> None:
    await ana.say(PIANO)
    await chen.open("/console/tickets/1")
    fields = {**_hidden(chen, "/reply"), "text": "x"}
    for headers in ({"Origin": "https://evil.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}):
        response = await chen.http.post("/console/tickets/1/reply", data=fields, headers=headers)
        assert response.status_code == 403
    assert len(await ana.heard()) == 2


@pytest.mark.parametrize("path", ["/console", "/console/queue", "/console/stream", "/console/tickets/1", "/console/tickets/1/thread"])
async def test_nobody_looks_without_signing_in(http: httpx.AsyncClient, ana: Visitor, path: str) -> None:
    await ana.say(PIANO)
    response = await http.get(path)
    assert response.status_code == 401
    assert "piano" not in response.text


@pytest.mark.parametrize(
    "act", ["claim", "reply", "entry", "note", "assign", "release", "snooze", "close", "reopen", "merge", "tag", "undo", "canned", "here"]
)
async def test_nobody_acts_without_signing_in(http: httpx.AsyncClient, ana: Visitor, act: str) -> None:
    await ana.say(PIANO)
    response = await http.post(f"/console/tickets/1/{act}", data={"text": "x"}, headers={"Origin": "http://linli.test"})
    assert response.status_code == 401


async def test_a_worker_of_another_community_does_not_learn_that_a_ticket_exists(
    desk: Desk, ana: Visitor, worker_browser: Callable[[], Desktop]
) -> None:
    async with desk.storage.transaction() as tx:
        await communities.ensure(tx, {"poplar": {"en": "Poplar", "zh": "白杨"}}, desk.now())
    await hire(desk, "Far Away", communities=("poplar",))
    far = await worker_browser().sign_in(desk, "Far Away")
    await ana.tap("c:willow")
    await ana.say(PIANO)
    assert "piano" not in (await far.open("/console")).text
    there, nowhere = await far.open("/console/tickets/1"), await far.open("/console/tickets/999")
    assert far.status == 404
    assert there.text == nowhere.text


async def test_unknown_acts_and_people_are_refused(chen: Desktop, ana: Visitor) -> None:
    await ana.say(PIANO)
    await chen.open("/console/tickets/1")
    token = _hidden(chen, "/reply")
    for act, fields, status in (
        ("explode", {}, 404),
        ("assign", {"to": "x"}, 404),
        ("merge", {"into": "x"}, 404),
        ("merge", {"into": "1"}, 409),
        ("snooze", {"at": "yesterday"}, 422),
        ("snooze", {"at": "2001-01-01T09:00"}, 422),
        ("tag", {"tag": " "}, 409),
        ("undo", {"held": "x"}, 404),
        ("undo", {"held": "7"}, 409),
        ("entry", {"entry": "no-such"}, 404),
        ("assign", {"to": "9" * 18}, 409),
    ):
        await chen.post(f"/console/tickets/1/{act}", {**token, **fields})
        assert chen.status == status, act


async def test_every_form_of_a_ticket_carries_the_token(chen: Desktop, ana: Visitor) -> None:
    await ana.say(PIANO)
    page = await chen.open("/console/tickets/1")
    assert len(page.forms) >= 5
    assert all(re.fullmatch(r"[\w-]{20,}", hidden.get("csrf", "")) for _path, hidden in page.forms)
