"""Everybody can use the pages: axe finds nothing, no sideways scroll, the keyboard is enough, nothing is too small."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.bot.web import PIANO, REGISTER
from tests.browser.conftest import DESKTOP, PHONE, Server
from tests.browser.test_story import ask, sign_in

LOOKS = [
    pytest.param({"viewport": PHONE, "color_scheme": "light"}, id="phone-light"),
    pytest.param({"viewport": PHONE, "color_scheme": "dark", "locale": "zh-CN"}, id="phone-dark-zh"),
    pytest.param({"viewport": DESKTOP, "color_scheme": "dark"}, id="desktop-dark"),
    pytest.param({"viewport": DESKTOP, "color_scheme": "light", "locale": "zh-CN"}, id="desktop-light-zh"),
]
#: What a person may tap, with its size and words.
SMALL = """() => [...document.querySelectorAll('a[href], button, select, textarea, summary')]
  .filter((one) => one.checkVisibility() && !one.closest('.words, .sheet p, .plain, .title, .unseen') && !one.matches('.skip'))
  .map((one) => [one.innerText || one.id, Math.round(one.getBoundingClientRect().height)])
  .filter(([, height]) => height < 44)"""
TINY = """() => [...document.querySelectorAll('body *')]
  .filter((one) => one.checkVisibility() && [...one.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
  .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 13).map((one) => one.outerHTML.slice(0, 120))"""


def faults(page: Page) -> list[str]:
    """What axe finds, in short."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def check(page: Page) -> None:
    """The rules that hold on every page."""
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL) == []
    assert page.evaluate(TINY) == []


@pytest.fixture(scope="module")
def worked(server: Server, browser: Any) -> dict[str, Any]:
    """A worker's cookies and a ticket of each kind."""
    context = browser.new_context(base_url=server.url, locale="en-GB")
    resident = context.new_page()
    resident.goto("/?c=willow")
    expect(resident.locator(".turn.bot").first).to_be_visible()
    for text in (PIANO, REGISTER, "help there is a fire in my flat right now"):
        before = resident.locator(".turn.bot").count()
        ask(resident, text)
        expect(resident.locator(".turn.bot").nth(before)).to_be_visible()
    desk = context.new_page()
    desk.goto(server.sign_in_link("Chen Yuyu"))
    sign_in(desk)
    desk.goto(f"/console/tickets/{re.findall(r'[0-9]+', resident.locator('.ticket').first.inner_text())[0]}")
    desk.get_by_label("Note for colleagues").fill("She was here last week.")
    desk.get_by_role("button", name="Keep the note").click()
    desk.get_by_label("Your answer to").fill("Mr Li tunes pianos.")
    desk.get_by_role("button", name="Send to").click()
    expect(desk.locator(".turn.worker")).not_to_have_count(0)
    state = context.storage_state()
    link = resident.evaluate("fetch('/chat/link').then((answer) => answer.json())")["url"]
    context.close()
    return {"storage_state": state, "link": link.replace(server.url, ""), "ticket": desk.url.partition("?")[0].replace(server.url, "")}


@pytest.mark.parametrize("look", LOOKS)
def test_pages_for_residents(open_page: Callable[..., Page], worked: dict[str, Any], server: Server, look: dict[str, Any]) -> None:
    check(open_page("/", **look))
    page = open_page("/", **look, storage_state=worked["storage_state"])
    expect(page.locator(".turn.worker")).to_be_visible()
    check(page)
    page.locator(".turn.urgent .choices button").first.click()
    assert faults(page) == []
    for path in (worked["link"], "/docs"):
        check(open_page(path, **look))


@pytest.mark.parametrize("look", LOOKS)
def test_pages_for_workers(open_page: Callable[..., Page], worked: dict[str, Any], server: Server, look: dict[str, Any]) -> None:
    for path in ("/console", "/console?pile=closed", worked["ticket"]):
        check(open_page(path, **look, storage_state=worked["storage_state"]))
    check(open_page(server.sign_in_link("Wang Lei"), **look))


def test_nothing_scrolls_sideways_on_the_smallest_phone(open_page: Callable[..., Page], worked: dict[str, Any]) -> None:
    for path in ("/", "/?lang=zh", worked["link"], "/docs", "/console", worked["ticket"]):
        page = open_page(path, viewport={"width": 360, "height": 640}, storage_state=worked["storage_state"])
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_a_resident_needs_no_mouse(open_page: Callable[..., Page]) -> None:
    page = open_page(viewport=DESKTOP)
    expect(page.get_by_role("heading", name="What can I help you with?")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the message field")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type(REGISTER)
    page.keyboard.press("Enter")
    expect(page.locator(".turn.bot .source")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    for _step in range(12):
        if page.evaluate("document.activeElement.innerText") == "👍 This helped":
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".turn.resident").last).to_contain_text("This helped")


def test_motion_rests_when_asked(open_page: Callable[..., Page]) -> None:
    page = open_page(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.writing span')).animationName") == "none"


def test_a_half_written_chinese_word_is_not_sent(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_role("textbox").fill("zhu su")
    page.evaluate(
        "document.querySelector('#text').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    expect(page.locator(".turn")).to_have_count(0)


def test_a_reader_further_up_is_not_moved(open_page: Callable[..., Page], server: Server) -> None:
    page = open_page(viewport={"width": 390, "height": 500})
    ask(page, REGISTER)
    expect(page.locator(".turn.bot .source")).to_be_visible()
    other = page.context.new_page()
    other.goto("/")
    expect(other.locator(".turn.bot .source")).to_be_attached()
    page.evaluate("document.querySelector('#log').scrollTop = 0")
    ask(other, PIANO)
    expect(page.get_by_role("button", name="New message")).to_be_visible()
    assert page.evaluate("document.querySelector('#log').scrollTop") == 0
