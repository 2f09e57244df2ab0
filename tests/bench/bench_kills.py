"""Kill Linli again and again and count what was lost or done twice.

`python -m tests.bench.bench_kills [--kills 200] [--messages 5000] [--every 5] [--seed 1]`: the kills are shared over SQLite and
PostgreSQL, web chat and Telegram; then three processes on one PostgreSQL take so many messages while one of them is killed every
so many seconds.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests import databases
from tests.crash import scenarios
from tests.crash.lives import forge


def main() -> None:
    """Print one line a combination."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--every", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    each = asked.kills // 4
    with tempfile.TemporaryDirectory() as place, databases.postgresql() as server, forge(Path(place)) as made:
        folder = Path(place)
        for channel in (scenarios.web, scenarios.telegram):
            for database in ("sqlite", "postgresql") if each else ():
                begun = time.monotonic()
                mine = folder / f"{channel.__name__}-{database}"
                mine.mkdir()
                if database == "sqlite":
                    url = f"sqlite+aiosqlite:///{mine / 'linli.db'}"
                    databases.migrate(url.replace("+aiosqlite", ""))
                    verdict = asyncio.run(channel(made, mine, url, kills=each, seed=asked.seed))
                else:
                    with server.database() as url:
                        verdict = asyncio.run(channel(made, mine, url, kills=each, seed=asked.seed))
                print(f"{channel.__name__:9} {database:10} {verdict} {time.monotonic() - begun:.0f} s", flush=True)
        if asked.messages:
            with server.database() as url:
                verdict, took = asyncio.run(
                    scenarios.replicas(made, folder, url, messages=asked.messages, every_s=asked.every, seed=asked.seed)
                )
            print(f"three processes      {verdict} {took:.0f} s, {verdict.messages / took:.0f} messages/s", flush=True)


if __name__ == "__main__":
    main()
