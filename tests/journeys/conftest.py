"""A desk on both databases, and somebody to talk to it."""

from datetime import datetime

import pytest

from handlers.desk import Desk
from storage import Storage
from tests.desks import Clock, Person, open_desk


@pytest.fixture
def clock(now: datetime) -> Clock:
    """Time that stands still until a test moves it."""
    return Clock(now)


@pytest.fixture
async def desk(storage: Storage, clock: Clock) -> Desk:
    """A desk over six entries."""
    return await open_desk(storage, clock)


@pytest.fixture
def ana(desk: Desk) -> Person:
    """A resident in a private chat."""
    return Person(desk)
