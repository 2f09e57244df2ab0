"""The FAQ in the console: an admin opens an entry as plain text, sees both halves while writing, and saves it when nothing is wrong."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.webchat.layout import Half, runs, tag
from bot.settings import Settings
from bot.web import languages
from bot.web.console.access import FIELD_BYTES, PATH, Signed, form, signed
from bot.web.pages import Words, page
from bot.web.refusals import Refused
from bot.web.times import clock
from handlers.desk import Desk
from handlers.errors import LinliError, NotAllowed, NotFound
from handlers.staff import drafts, keeping
from handlers.staff.keeping import Checked, SavedMeanwhile, Sheet


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


FAQ = f"{PATH}/faq"
DONE = {
    "saved": _("Saved. It serves from now on."),
    "added": _("The new entry serves from now on."),
    "kept": _("The draft is kept. Nobody is answered from it yet."),
    "discarded": _("The draft is gone."),
}
WRONG = _("Not saved: mend what is marked below. Until then the last good version goes on serving.")
UNNAMED = _("Topic and id are written in small letters, digits and hyphens, such as visa-photo.")
NOT_READ = _("This file is no text that can be read here. Save it as plain text, then upload it again.")
CHANGES = {"entry_changed": _("changed it here"), "entry_added": _("added it here")}

Kept = tuple[str, Checked | None]


def router(desk: Desk, settings: Settings) -> APIRouter:
    """The routes of entries and drafts."""
    routes = APIRouter(prefix=FAQ, include_in_schema=False)

    @routes.get("")
    async def shelf(request: Request, q: str = "", done: str = "") -> Response:
        who = await signed(request, desk)
        found = await keeping.shelf(desk, who.worker_id)
        language = languages.page(request)
        asked = q.strip().casefold()
        topics = {
            topic: [entry for entry in entries if asked in f"{entry.id} {entry.titles['en']} {entry.titles['zh']}".casefold()]
            for topic, entries in found.topics.items()
        }
        faults = [(fault.path.stem, fault.line, fault.sentence(language), fault.hint(language)) for fault in found.faults]
        return page(
            request, "faq-shelf.html", who=who, shelf=found, topics={k: v for k, v in topics.items() if v}, asked=q, faults=faults,
            today=desk.now().date(), said=DONE.get(done),
        )  # fmt: skip

    @routes.get("/new")
    async def new(request: Request, topic: str = "", id: str = "") -> Response:
        who = await signed(request, desk)
        try:
            sheet = await keeping.begin(desk, who.worker_id, topic.strip(), id.strip())
        except keeping.NotAName:
            raise Refused(422, UNNAMED) from None
        return await _editor(desk, request, who, sheet, new=True)

    @routes.get("/entries/{entry_id}")
    async def entry(request: Request, entry_id: str, done: str = "") -> Response:
        who = await signed(request, desk)
        sheet = await keeping.take(desk, who.worker_id, entry_id)
        return await _editor(desk, request, who, sheet, said=DONE.get(done))

    @routes.post("/entries/{topic}/{entry_id}/check")
    async def check(request: Request, topic: str, entry_id: str) -> Response:
        who, fields = await form(request, desk, settings)
        return await _looked_at(desk, request, who, _sheet(fields, topic, entry_id))

    @routes.post("/entries/{topic}/{entry_id}/save")
    async def save(request: Request, topic: str, entry_id: str) -> Response:
        who, fields = await form(request, desk, settings)
        return await _save(desk, request, who, _sheet(fields, topic, entry_id))

    @routes.post("/entries/{topic}/{entry_id}/upload")
    async def upload(request: Request, topic: str, entry_id: str) -> Response:
        who, fields = await form(request, desk, settings, files=1)
        file = fields.get("file")
        data = await file.read(FIELD_BYTES + 1) if isinstance(file, UploadFile) else b""
        await fields.close()
        text = keeping.readable(data)
        if text is None or not 0 < len(data) <= FIELD_BYTES:
            sheet = await keeping.theirs(desk, who.worker_id, Sheet(topic, entry_id, "", ""))
            return await _editor(desk, request, who, sheet, sorry=_say(request, NOT_READ), status=422)
        return await _save(desk, request, who, Sheet(topic, entry_id, text, _field(fields, "base")))

    @routes.post("/drafts")
    async def make(request: Request) -> Response:
        """From a ticket or from a gap; who is no admin goes back to the ticket."""
        who, fields = await form(request, desk, settings)
        numbers = [
            int(number) for number in fields.getlist("ticket") if isinstance(number, str) and number.isdecimal() and len(number) < 16
        ]
        name = await drafts.make(desk, who.worker_id, numbers)
        return RedirectResponse(f"{FAQ}/drafts/{name}" if who.admin else f"{PATH}/tickets/{numbers[0]}?done=draft", 303)

    @routes.get("/drafts/{name}")
    async def draft(request: Request, name: str, done: str = "") -> Response:
        who = await signed(request, desk)
        return await _editor(desk, request, who, await drafts.take(desk, who.worker_id, name), draft=name, said=DONE.get(done))

    @routes.post("/drafts/{name}/{act}")
    async def do(request: Request, name: str, act: str) -> Response:
        who, fields = await form(request, desk, settings)
        sheet = drafts.named(_field(fields, "text"), _field(fields, "base"))
        if act == "check":
            return await _looked_at(desk, request, who, sheet, draft=name)
        if act not in ACTS:
            raise Refused(404)
        try:
            place, checked = await ACTS[act](desk, who.worker_id, name, sheet)
        except (NotAllowed, NotFound):
            raise
        except LinliError as error:
            return await _editor(desk, request, who, sheet, draft=name, sorry=_told(request, error), status=409)
        if checked is not None and checked.wrong:
            return await _editor(desk, request, who, sheet, draft=name, checked=checked, sorry=_say(request, WRONG), status=422)
        return RedirectResponse(place, 303)

    return routes


async def _keep(desk: Desk, worker_id: int, name: str, sheet: Sheet) -> Kept:
    await drafts.keep(desk, worker_id, name, sheet)
    return f"{FAQ}/drafts/{name}?done=kept", None


async def _accept(desk: Desk, worker_id: int, name: str, sheet: Sheet) -> Kept:
    return f"{FAQ}/entries/{sheet.id}?done=added", await drafts.accept(desk, worker_id, name, sheet)


async def _discard(desk: Desk, worker_id: int, name: str, sheet: Sheet) -> Kept:
    await drafts.discard(desk, worker_id, name)
    return f"{FAQ}?done=discarded", None


ACTS: dict[str, Callable[[Desk, int, str, Sheet], Awaitable[Kept]]] = {"keep": _keep, "accept": _accept, "discard": _discard}


async def _save(desk: Desk, request: Request, who: Signed, sheet: Sheet) -> Response:
    new = not sheet.base
    try:
        checked = await keeping.save(desk, who.worker_id, sheet)
    except SavedMeanwhile as error:
        theirs = await keeping.theirs(desk, who.worker_id, sheet)
        mine = Sheet(sheet.topic, sheet.id, sheet.text, theirs.base)
        return await _editor(desk, request, who, mine, sorry=_told(request, error), theirs=theirs.text, status=409)
    except keeping.FolderClosed as error:
        return await _editor(desk, request, who, sheet, sorry=_told(request, error), new=new, status=503)
    except keeping.NotAName:
        raise Refused(422, UNNAMED) from None
    if checked.wrong:
        return await _editor(desk, request, who, sheet, checked=checked, sorry=_say(request, WRONG), new=new, status=422)
    return RedirectResponse(f"{FAQ}/entries/{sheet.id}?done={'added' if new else 'saved'}", 303)


async def _looked_at(desk: Desk, request: Request, who: Signed, sheet: Sheet, draft: str = "") -> Response:
    """What a text would be: the whole page or, for the script that asks while somebody writes, that part alone."""
    if "part" not in request.query_params:
        return await _editor(desk, request, who, sheet, draft=draft)
    checked = await _checked(desk, who, sheet)
    return page(request, "faq-checked.html", who=who, **_values(request, checked))


async def _checked(desk: Desk, who: Signed, sheet: Sheet) -> Checked:
    try:
        return await keeping.check(desk, who.worker_id, sheet)
    except keeping.NotAName:  # a draft that has no name yet is read as if it had one
        return await keeping.check(desk, who.worker_id, Sheet("new", "new", sheet.text, sheet.base))


async def _editor(
    desk: Desk,
    request: Request,
    who: Signed,
    sheet: Sheet,
    *,
    checked: Checked | None = None,
    draft: str = "",
    new: bool = False,
    said: str | None = None,
    sorry: str | None = None,
    theirs: str | None = None,
    status: int = 200,
) -> Response:
    checked = checked or await _checked(desk, who, sheet)
    changes = await keeping.history(desk, who.worker_id, sheet.id) if not (draft or new) else ()
    now, language = desk.now(), languages.page(request)
    return page(
        request,
        "faq-entry.html",
        status=status,
        who=who,
        sheet=sheet,
        at=f"{FAQ}/drafts/{draft}" if draft else f"{FAQ}/entries/{sheet.topic}/{sheet.id}",
        draft=draft,
        new=new,
        said=said,
        sorry=sorry,
        theirs=theirs,
        changes=[(clock(one.at, now, language), one.who, CHANGES.get(one.what), one.what, one.lines) for one in changes],
        **_values(request, checked),
    )


def _values(request: Request, checked: Checked) -> dict[str, Any]:
    language = languages.page(request)
    other = "zh" if language == "en" else "en"
    return {
        "wrong": checked.wrong,
        "faults": [
            (one.severity, one.line, one.column, one.sentence(language), one.hint(language), one.sentence(other)) for one in checked.faults
        ],
        "halves": [(locale, checked.titles[locale], (Half(tag(locale), runs(text)),)) for locale, text in checked.halves.items()],
        "other_language": tag(other),
    }


def _sheet(fields: FormData, topic: str, entry_id: str) -> Sheet:
    return Sheet(topic, entry_id, _field(fields, "text"), _field(fields, "base"))


def _field(fields: FormData, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _told(request: Request, error: LinliError) -> str:
    return error.told(languages.page(request))


def _say(request: Request, message: str) -> str:
    return Words(languages.page(request))(message)
