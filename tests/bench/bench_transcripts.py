"""Play the group transcripts of a folder through the Telegram channel and compare with what `linli replay` decides.

python -m tests.bench.bench_transcripts FOLDER [--encoders none]
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from bot.settings import Settings
from bot.wiring import knowledge
from handlers.staff import roster
from storage import Role, Storage
from tests.telegram.conftest import linli
from tests.telegram.fake.people import Person
from tests.telegram.fake.server import running
from tests.telegram.fake.world import World
from tests.telegram.transcripts import play_all, read


async def main(folder: Path, encoders: str) -> int:
    """The number of differences."""
    world = World()
    world.limits.on = False
    transcripts = read(folder)
    with running(world) as server, tempfile.TemporaryDirectory() as data:
        storage = Storage(f"sqlite+aiosqlite:///{data}/linli.db")
        await storage.open()
        await storage.upgrade()
        faq = await asyncio.to_thread(knowledge, Settings(encoders=encoders, _env_file=None))
        admin = Person(world, "Admin")
        async with linli(server, storage, faq=faq) as started:
            await roster.add(started.desk, "Admin", role=Role.admin, telegram_id=str(admin.id))
            differences = await play_all(started, admin, transcripts)
        await storage.close()
    for difference in differences:
        print(difference)
    print(f"{len(transcripts)} transcripts, {sum(len(t['messages']) for t in transcripts)} messages, {len(differences)} differences")
    return len(differences)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--encoders", default="none")
    given = options.parse_args()
    raise SystemExit(1 if asyncio.run(main(given.folder, given.encoders)) else 0)
