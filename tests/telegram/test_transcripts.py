"""What is said in a group on Telegram is what the replay of the transcript decides."""

from handlers.staff import roster
from storage import Role, Storage
from tests.telegram.conftest import linli
from tests.telegram.fake.people import Person
from tests.telegram.fake.server import Server
from tests.telegram.fake.world import Json, World
from tests.telegram.transcripts import play_all


def transcript(name: str, *lines: tuple[str, str] | tuple[str, str, object] | tuple[str, str, object, bool]) -> Json:
    """Lines of (who, text, reply_to, mentions_bot)."""
    messages = [
        {
            "n": n,
            "from": line[0],
            "text": line[1],
            "reply_to": line[2] if len(line) > 2 else None,
            "mentions_bot": len(line) > 3 and line[3],
        }
        for n, line in enumerate(lines, 1)
    ]
    return {"id": name, "messages": messages}


OURS = [
    transcript(
        "a new neighbour",
        ("Ola", "hi all, we moved in yesterday"),
        ("Ben", "welcome Ola!"),
        ("Ola", "how do I register my address?", None, True),
        ("Ben", "you did that already no?", 3),
        ("Ola", "thank you", "bot"),
        ("Mei", "Ola, 晚上一起吃饭吗"),
    ),
    transcript(
        "noise",
        ("Kim", "EARN 500 USD A DAY with crypto, join t.me/joinchat/AAAA now"),
        ("Ana", "my passport is E12345678 where is the copy shop"),
        ("Ben", "good morning"),
        ("Ana", "where can I get my piano tuned?", None, True),
    ),
]


async def test_our_own_transcripts_are_played_as_decided(server: Server, sqlite_storage: Storage, world: World) -> None:
    world.limits.on = False
    admin = Person(world, "Admin")
    async with linli(server, sqlite_storage) as started:
        await roster.add(started.desk, "Admin", role=Role.admin, telegram_id=str(admin.id))
        assert await play_all(started, admin, OURS) == []
