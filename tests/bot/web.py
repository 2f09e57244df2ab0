"""The web application without a network: somebody who writes, somebody who works, and the small catalogue with the rules of danger."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import httpx

import faq
from faq.knowledge import Knowledge
from handlers.desk import Desk
from handlers.routine.saying import say_due
from handlers.staff import roster
from tests.desks import CATALOGUE, Clock

PIANO = "Where can I get my piano tuned?"
REGISTER = "How do I register my address?"
_numbers = count(1)


def knowledge_in(folder: Path) -> Knowledge:
    """The small catalogue and the product's rules of danger, copied there."""
    copy_catalogue(folder)
    return Knowledge(folder)


def copy_catalogue(folder: Path) -> Path:
    """A folder with the small catalogue and the product's rules of danger."""
    shutil.copytree(CATALOGUE, folder)
    shutil.copytree(Path(faq.__file__).parent / "urgency", folder / "urgency")
    return folder


def told(response: httpx.Response) -> list[dict[str, Any]]:
    """The replies of an answer; what newcomers are told of privacy is left out."""
    return [reply for reply in response.json()["replies"] if reply["kind"] != "privacy"]


@dataclass
class Visitor:
    """Somebody at the web chat, as a program would be."""

    http: httpx.AsyncClient
    token: str = ""
    last: dict[str, Any] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """Who they are."""
        return {"Authorization": f"Bearer {self.token}"}

    async def arrive(self) -> "Visitor":
        """Become known."""
        self.token = (await self.http.post("/chat/visitors")).json()["visitor"]
        self.http.cookies.clear()
        return self

    async def post(self, **body: Any) -> httpx.Response:
        """Send a body as it is."""
        return await self.http.post("/chat/messages", json=body, headers=self.headers)

    async def say(self, text: str) -> dict[str, Any]:
        """Write and get the one reply."""
        response = await self.post(id=f"m{next(_numbers)}", text=text)
        return self._one(response)

    async def tap(self, payload: str) -> dict[str, Any]:
        """Tap a button."""
        response = await self.post(id=f"m{next(_numbers)}", choice=payload)
        return self._one(response)

    def _one(self, response: httpx.Response) -> dict[str, Any]:
        assert response.status_code == 200, response.text
        (self.last,) = told(response)
        return self.last

    async def heard(self, after: int = 0) -> list[dict[str, Any]]:
        """All that was said; what newcomers are told of privacy is left out."""
        messages = (await self.http.get(f"/chat/messages?after={after}", headers=self.headers)).json()["messages"]
        return [line for line in messages if line["kind"] != "privacy"]


async def seconds_pass(desk: Desk, clock: Clock) -> None:
    """So long that an answer from the console can no longer be taken back, and is said."""
    clock.pass_(seconds=6)
    await say_due(desk)


class Page(HTMLParser):
    """A page as far as a person without scripts uses it: its words, its links, and its forms with their hidden fields."""

    def __init__(self, source: str = "") -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.areas: dict[str, str] = {}
        self._options: list[tuple[str, str]] = []
        self._select = ""
        self._area = ""
        self._words: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what can be used."""
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        elif tag == "input" and given.get("type") == "hidden":
            self.forms[-1][1][given["name"]] = given["value"]
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and "value" in given:
            self._options.append((self._select, given["value"]))
        self._area = given["name"] if tag == "textarea" else ""
        if self._area:
            self.areas[self._area] = ""

    def handle_data(self, data: str) -> None:
        """Remember what can be read."""
        if self._area:
            self.areas[self._area] += data
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Remember where a field ends."""
        if tag == "textarea":
            self._area = ""

    def options(self, name: str) -> list[str]:
        """What the select of that name offers."""
        return [value for select, value in self._options if select == name]

    def hidden(self, action: str) -> dict[str, str]:
        """The hidden fields of the form whose action contains `action`."""
        return next(hidden for path, hidden in self.forms if action in path)

    @property
    def text(self) -> str:
        """The words of the page."""
        return " ".join(" ".join(self._words).split())


@dataclass
class Desktop:
    """A worker's browser without scripts: it follows links and sends the forms that a page has."""

    http: httpx.AsyncClient
    page: Page = field(default_factory=Page)
    status: int = 0

    async def sign_in(self, desk: Desk, name: str) -> "Desktop":
        """Open a one-time link and press its button."""
        worker = await roster.named(desk, name)
        await self.open(f"/console/link/{await roster.link(desk, worker.id)}")
        await self.send("/link/")
        assert self.status == 200
        return self

    async def open(self, path: str) -> Page:
        """Look at a page."""
        return self._seen(await self.http.get(path, headers={"Accept": "text/html"}))

    async def send(self, action: str, **fields: str) -> Page:
        """Fill in and send the form of the page whose action contains `action`."""
        path, hidden = next(form for form in self.page.forms if action in form[0])
        return await self.post(path, {**hidden, **fields})

    async def post(self, path: str, fields: Mapping[str, str]) -> Page:
        """Send a form and go where the answer leads."""
        headers = {"Accept": "text/html", "Origin": str(self.http.base_url).rstrip("/")}
        return self._seen(await self.http.post(path, data=dict(fields), headers=headers, follow_redirects=True))

    def _seen(self, response: httpx.Response) -> Page:
        self.status = response.status_code
        self.page = Page(response.text)
        return self.page
