"""The whole way in a real browser: a resident asks, is answered, is handed to a person, and hears from them by name."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.bot.web import PIANO, REGISTER
from tests.browser.conftest import DESKTOP, Server

#: An answer from the desk waits a few seconds in which it can be taken back, in milliseconds with the way to the page.
UNDO_MS = 15_000


def ask(page: Page, text: str) -> None:
    """Type a question and send it."""
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")


def sign_in(page: Page) -> None:
    """Press the button behind a sign-in link."""
    page.get_by_role("button", name="Sign in").click()


def test_questions_are_answered_in_their_language_with_source_and_date(open_page: Callable[..., Page]) -> None:
    page = open_page()
    expect(page.get_by_role("heading", name="What can I help you with?")).to_be_visible()
    ask(page, REGISTER)
    answer = page.locator("[data-kind=answer]").last
    expect(answer.locator(".source")).to_contain_text("Checked on")
    expect(answer.locator("ol > li")).to_have_count(2)
    ask(page, "怎么换驾照")
    answer = page.locator("[data-kind=answer]").last
    expect(answer.locator(".source")).to_contain_text("核对")
    expect(answer.locator(".words")).to_have_attribute("lang", "zh-Hans")


def test_resident_hears_from_a_named_person_without_reloading_and_after(open_page: Callable[..., Page], server: Server) -> None:
    resident = open_page()
    ask(resident, PIANO)
    receipt = resident.locator(".turn.bot", has_text="a person takes over")
    expect(receipt).to_be_visible()
    number = re.findall(r"Ticket (\d+)", receipt.inner_text())[0]
    expect(resident.get_by_role("button", name="Copy your private link")).to_be_visible()

    desk = open_page(server.sign_in_link("Chen Yuyu"), viewport=DESKTOP)
    sign_in(desk)
    desk.get_by_role("link", name=re.compile(rf"Ticket {number}\b")).click()
    desk.get_by_role("button", name="Claim").click()
    expect(desk.get_by_role("status").filter(has_text="It is yours.")).to_be_visible()
    desk.get_by_label("Your answer to").fill("There is a tuner at Wulin Square, Mr Li.")
    desk.get_by_role("button", name="Send to").click()

    heard = resident.locator(".turn.worker")
    expect(heard).to_contain_text("There is a tuner at Wulin Square, Mr Li.", timeout=UNDO_MS)
    expect(heard.locator(".from")).to_have_text("Chen Yuyu · social worker")
    expect(desk.locator(".turn.worker .when")).to_contain_text("seen")
    expect(desk.locator(".turn.worker .when")).not_to_contain_text("not seen yet")

    ask(resident, "Thank you, please call me in the evening")
    expect(desk.locator("#thread")).to_contain_text("please call me in the evening")
    resident.reload()
    expect(resident.locator(".turn.worker")).to_contain_text("Mr Li")

    server.kill()
    server.start()
    expect(resident.locator("#state")).to_be_hidden(timeout=30_000)
    resident.reload()
    expect(resident.locator(".turn.worker")).to_contain_text("Mr Li")
    desk.reload()
    expect(desk.locator("#thread")).to_contain_text("please call me in the evening")


def test_what_could_not_be_sent_is_kept_and_sent_once(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.context.set_offline(True)
    ask(page, REGISTER)
    expect(page.get_by_role("button", name="Send again")).to_be_visible()
    expect(page.locator(".turn.resident")).to_contain_text(REGISTER)
    page.context.set_offline(False)
    expect(page.locator(".source")).to_have_count(1)
    page.reload()
    expect(page.locator(".turn.resident")).to_have_count(1)


def test_unsent_words_survive_a_reload(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.route("**/chat/visitors", lambda route: route.abort())
    ask(page, REGISTER)
    expect(page.get_by_role("button", name="Send again")).to_be_visible()
    page.unroute("**/chat/visitors")
    page.reload()
    expect(page.locator(".source")).to_have_count(1)
    expect(page.locator(".turn.resident")).to_have_count(1)


def test_a_refusal_is_told_in_its_own_words(open_page: Callable[..., Page]) -> None:
    page = open_page()
    answer = {"status": 503, "json": {"detail": "I cannot keep messages at this moment.", "locale": "en"}}
    page.route("**/chat/messages", lambda route: route.fulfill(**answer) if route.request.method == "POST" else route.continue_())
    ask(page, REGISTER)
    expect(page.locator(".failed")).to_contain_text("I cannot keep messages at this moment.")
    page.unroute("**/chat/messages")
    page.get_by_role("button", name="Send again").click()
    expect(page.locator(".source")).to_have_count(1)
    expect(page.locator(".failed")).to_have_count(0)


def test_the_private_link_opens_the_conversation_elsewhere(open_page: Callable[..., Page], server: Server) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, PIANO)
    page.get_by_role("button", name="Copy your private link").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    other = open_page(link.replace(server.url, ""))
    expect(other.locator(".turn.resident")).to_contain_text(PIANO)
    other.get_by_role("button", name="Go on with this conversation here").click()
    expect(other.locator(".turn.resident")).to_contain_text(PIANO)
    ask(other, "also, it is from 1950")
    expect(page.locator(".turn.resident").last).to_contain_text("also, it is from 1950")


def test_both_pages_show_the_same_words(open_page: Callable[..., Page], server: Server) -> None:
    """The chat builds a reply from its text in the browser, the private page on the server."""
    page = open_page()
    ask(page, REGISTER)
    expect(page.locator(".source")).to_have_count(1)
    page.locator("#human").click()
    expect(page.get_by_role("button", name="Copy your private link")).to_be_visible()
    link = page.evaluate("fetch('/chat/link').then((answer) => answer.json())")["url"]
    other = open_page(link.replace(server.url, ""))
    shape = "[...document.querySelectorAll('.turn.bot .words')].map((one) => [one.lang, [...one.children].map((child) => [child.tagName, child.innerText])])"
    assert other.evaluate(shape) == page.evaluate(shape)


def test_danger_shows_the_chinese_sentence_on_the_whole_screen(open_page: Callable[..., Page]) -> None:
    page = open_page()
    ask(page, "help there is a fire in my flat right now")
    expect(page.locator(".turn.urgent .sign")).to_have_text("Urgent")
    page.get_by_role("button", name="Show the Chinese sentence").click()
    said = page.locator("#card .say")
    expect(said).to_be_visible()
    assert re.search("[一-鿿]{4}", said.inner_text())
    assert said.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)") >= 28
    assert page.locator("#card").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    page.keyboard.press("Escape")
    expect(said).to_be_hidden()


def test_the_link_in_the_lift_opens_the_chat_with_the_community_known(open_page: Callable[..., Page]) -> None:
    page = open_page("/?c=willow", locale="zh-CN")
    welcome = page.locator("[data-kind=welcome]")
    expect(welcome).to_contain_text("柳岸")
    expect(welcome.locator(".choices button")).to_have_count(6)
    page.reload()
    expect(page.locator(".turn.bot", has_text="柳岸")).to_have_count(1)


def test_hostile_words_are_shown_as_words(open_page: Callable[..., Page], signed_in: Callable[..., Page]) -> None:
    hostile = '<img src=x onerror=alert(1)> <script>alert(2)</script> javascript:alert(3) https://example.org/"onmouseover=alert(4)'
    page = open_page()
    page.on("dialog", lambda dialog: ran(dialog.message))
    ask(page, hostile)
    expect(page.locator(".turn.resident .words")).to_have_text(hostile)
    assert page.locator(".turn img, .turn script").count() == 0
    page.locator("#human").click()
    desk = signed_in("Chen Yuyu", viewport=DESKTOP)
    desk.on("dialog", lambda dialog: ran(dialog.message))
    desk.get_by_role("link", name=re.compile("onerror")).first.click()
    expect(desk.locator("#thread")).to_contain_text("<script>alert(2)</script>")
    assert desk.locator("#thread img, #thread script").count() == 0


def ran(message: str) -> None:
    """A script of somebody else's has run."""
    raise AssertionError(message)


def test_second_worker_is_told_who_has_the_ticket(open_page: Callable[..., Page], signed_in: Callable[..., Page]) -> None:
    resident = open_page()
    ask(resident, "My cello has a crack")
    resident.locator("#human").click()
    expect(resident.locator(".ticket").first).to_be_visible()
    chen, wang = (signed_in(name, viewport=DESKTOP) for name in ("Chen Yuyu", "Wang Lei"))
    for desk in (chen, wang):
        desk.get_by_role("link", name=re.compile("cello")).first.click()
        desk.get_by_label("Your answer to").fill(f"A word of mine {desk is chen}")
    chen.get_by_role("button", name="Send to").click()
    expect(chen.get_by_text("you can take it back")).to_be_visible()
    wang.get_by_role("button", name="Send to").click()
    expect(wang.get_by_role("alert")).to_have_text(re.compile(r"Ticket \d+ is with Chen Yuyu\."))
    expect(wang.get_by_label("Your answer to")).to_have_value("A word of mine False")


def test_an_answer_from_a_phone_takes_two_taps_and_the_words(open_page: Callable[..., Page], signed_in: Callable[..., Page]) -> None:
    resident = open_page()
    ask(resident, REGISTER)
    resident.get_by_role("button", name="👎 Talk to a person").click()
    number = re.findall(r"\d+", resident.locator(".ticket").inner_text())[0]
    desk = signed_in("Chen Yuyu")
    desk.get_by_role("link", name=re.compile(rf"Ticket {number}\b")).click()
    desk.get_by_label("Your answer to").fill("Come to the station, I go with you.")
    desk.get_by_role("button", name="Send to").click()
    expect(resident.locator(".turn.worker")).to_contain_text("I go with you", timeout=UNDO_MS)
