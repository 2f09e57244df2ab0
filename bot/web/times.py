"""Times on pages, as people here say them: the clock on the wall in China, 24 hours, the day only where it is not today."""

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.voice import day

HERE = ZoneInfo("Asia/Shanghai")


def clock(at: datetime, now: datetime, language: str) -> str:
    """`14:05`, and with the day before it where that is another day."""
    local = at.astimezone(HERE)
    time = f"{local:%H:%M}"
    return time if local.date() == now.astimezone(HERE).date() else f"{day(local.date(), language)} {time}"
