"""From settings to a working desk: the one place that knows every concrete class."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from bot.channels.webchat import NAME as WEB
from bot.settings import Settings
from faq.encoders import available
from faq.knowledge import Knowledge
from handlers.desk import Desk
from handlers.policy import Policy
from handlers.staff.on_call import NOTIFY
from handlers.translator import NoTranslator, Translator
from storage import communities
from storage.database import Storage


@asynccontextmanager
async def open_desk(settings: Settings, *, serving: bool = False, policy: Policy | None = None) -> AsyncIterator[Desk]:
    """A desk with its tables at their newest form and its FAQ read and indexed; closed at the end.

    `serving` claims the database file for this process. Raises `AlreadyRunning` and `StorageUnavailable`.
    """
    storage = await open_storage(settings, serving=serving)
    helper = _translator(settings)
    try:
        faq = await asyncio.to_thread(partial(knowledge, settings, soon=True))
        desk = Desk(faq, storage, policy or policy_of(settings), translator=helper, **(_addresses(settings) if serving else {}))
        async with storage.transaction() as tx:
            await communities.ensure(tx, {one.id: one.values["community.name"] for one in faq.catalogue.communities.values()}, desk.now())
        yield desk
    finally:
        await helper.close()
        await storage.close()


def _translator(settings: Settings) -> Translator:
    """Loaded only where one is set up."""
    if settings.translator == "off":
        return NoTranslator()
    from bot.providers.translation import translator

    return translator(settings)


def _addresses(settings: Settings) -> dict[str, Any]:
    """Without a public address only the people of the web chat and workers, who are on our pages, can open them."""
    return {"url": settings.public_url, "page_urls": {WEB: settings.url, NOTIFY: settings.url}, "notify": settings.notify}


@asynccontextmanager
async def open_roster(settings: Settings) -> AsyncIterator[Desk]:
    """A desk for short commands about people: its FAQ is read, but no question will be asked of it."""
    storage = await open_storage(settings)
    try:
        yield Desk(Knowledge(settings.faq_dir, matching=False), storage, policy_of(settings))
    finally:
        await storage.close()


def policy_of(settings: Settings) -> Policy:
    """The numbers by which Linli decides, as far as an operator sets them."""
    return Policy(
        keep_text=timedelta(days=settings.retain_text_days),
        keep_attachments=timedelta(days=settings.retain_attachments_days),
        keep_logs=timedelta(days=settings.retain_logs_days),
        keep_records=timedelta(days=settings.retain_records_days),
        keep_people=timedelta(days=settings.retain_people_days),
    )


def knowledge(settings: Settings, *, soon: bool = False) -> Knowledge:
    """The FAQ of the settings' folder with the encoders that run here; `soon` answers with the first until the others are ready."""
    return Knowledge(settings.faq_dir, encoders=available(settings.encoders), cache_dir=settings.cache_dir, soon=soon)


async def open_storage(settings: Settings, *, serving: bool = False) -> Storage:
    """The memory, brought to its newest form. `serving` refuses a second server on one SQLite file."""
    storage = Storage(settings.database)
    try:
        await storage.open()
        if serving:
            storage.claim_exclusive()
        await storage.upgrade()
    except BaseException:
        await storage.close()
        raise
    return storage
