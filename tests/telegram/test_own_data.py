"""In Telegram, too, a person gets what is held about them as a file, and has it deleted."""

from typing import Any

from tests.telegram.conftest import Linli
from tests.telegram.fake.people import Person


def documents(person: Person) -> list[Any]:
    return [message for message in person.chat.messages.values() if "document" in message]


async def test_mydata_comes_as_a_file_and_no_link_that_leads_nowhere(bot: Linli, anna: Person) -> None:
    anna.say("Where can I get my piano tuned?")
    await bot.until(lambda: anna.reads())
    anna.say("/mydata")
    await bot.until(lambda: documents(anna))
    await bot.until(lambda: any("is ready" in text for text in anna.reads()))
    assert "http://127" not in "".join(anna.reads())


async def test_forget_asks_once_and_then_deletes(bot: Linli, anna: Person) -> None:
    anna.say("Where can I get my piano tuned?")
    await bot.until(lambda: anna.reads())
    anna.say("/forget")
    await bot.until(lambda: "cannot be undone" in anna.reads()[-1])
    anna.tap(anna.last(), "Delete everything")
    await bot.until(lambda: "is deleted" in anna.reads()[-1])
    async with bot.desk.storage.reading() as tx:
        from storage import conversations

        assert await conversations.of_sender(tx, "telegram", str(anna.id), str(anna.id)) is None
