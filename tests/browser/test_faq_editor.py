"""The FAQ in a real browser: both halves follow the typing, a fault leads to its line, and everybody can use the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.bot.web import PIANO
from tests.browser.conftest import DESKTOP, Server
from tests.browser.test_access import LOOKS, check
from tests.browser.test_story import ask

NANNY = "/console/faq/entries/housing-nanny"


@pytest.fixture
def admin(server: Server, signed_in: Callable[..., Page]) -> Callable[..., Page]:
    """Pages of an admin."""
    if "Gao Min" not in server.staff:
        server.add("Gao Min", "admin")
    return lambda path, **more: signed_in("Gao Min", path, **more)


def test_both_halves_and_faults_follow_the_typing(admin: Callable[..., Page]) -> None:
    page = admin(NANNY, viewport=DESKTOP)
    editor = page.get_by_label("The file, as plain text")
    text = editor.input_value()
    editor.fill(text.replace("## 中文", "A line about heliotropes.\n\n## 中文"))
    expect(page.locator(".half").first).to_contain_text("heliotropes")
    editor.fill(text.replace("### Where", "### Wherre") if "### Where" in text else text.replace("## Questions", "## Questionz"))
    fault = page.locator(".faults .error a").first
    expect(page.locator(".faults")).to_contain_text("is not a heading that an entry has")
    fault.click()
    expect(editor).to_be_focused()
    assert page.evaluate("document.activeElement.selectionStart") > 0
    page.once("dialog", lambda dialog: dialog.accept())


@pytest.mark.parametrize("look", LOOKS)
def test_everybody_can_use_the_pages_of_the_faq(admin: Callable[..., Page], open_page: Callable[..., Page], look: dict[str, Any]) -> None:
    resident = open_page()
    ask(resident, PIANO)
    expect(resident.locator(".turn.bot .ticket, .turn.bot").first).to_be_visible()
    for path in ("/console/faq", NANNY, "/console/faq/new?topic=housing&id=housing-piano", "/console/faq/gaps"):
        check(admin(path, **look))
    small = {**look, "viewport": {"width": 360, "height": 640}}
    assert admin(NANNY, **small).evaluate("document.documentElement.scrollWidth") <= 360
