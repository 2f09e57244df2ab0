"""Signing in with a password, beside the one-time link: kept as argon2id, tried only so often, ended everywhere at once."""

import asyncio
import secrets
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from handlers.desk import Desk
from handlers.errors import LinliError
from handlers.staff.rights import worker_of
from handlers.staff.roster import SignedIn, digest
from storage import audit, pace, workers
from storage.pace import Limit


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: Signs of a password: fewer are guessed; more cost time to hash (NIST SP 800-63B asks for at least 8 and allows 64 or more).
SHORTEST, LONGEST = 10, 200
#: Tries of one name, and from one address.
OF_NAME = Limit(5, timedelta(minutes=15))
OF_ADDRESS = Limit(20, timedelta(minutes=15))


class WrongPassword(LinliError):
    """The name or the password is wrong; which of them is not said."""

    sentence = _("The name or the password is not right. You can also ask for a one-time link.")


class TooManyTries(LinliError):
    """Too many tries; the right password is not tried either."""

    sentence = _("There were too many tries. Wait {minutes} minutes, or ask for a one-time link.")

    def __init__(self, minutes: int) -> None:
        super().__init__(f"{minutes} minutes")
        self.minutes = minutes


class WeakPassword(LinliError):
    """Too short, too long, or the worker's own name."""

    sentence = _("Take a password of {shortest} to {longest} signs that does not hold your name; a few words are easy to remember.")

    def __init__(self) -> None:
        super().__init__("weak")
        self.shortest, self.longest = SHORTEST, LONGEST


async def choose(desk: Desk, worker_id: int, password: str, *, session: str, current: str = "") -> None:
    """A worker who is signed in chooses a password; `current` is asked for where there is one. Every other browser is signed out.

    `session` is the token of the browser that stays. Raises `WeakPassword`, `WrongPassword`.
    """
    async with desk.storage.reading() as tx:
        worker = await worker_of(tx, worker_id)
    if not SHORTEST <= len(password) <= LONGEST or worker.name.casefold() in password.casefold():
        raise WeakPassword
    if worker.password_hash and not await _matches(worker.password_hash, current):
        raise WrongPassword
    made = await asyncio.to_thread(_hasher().hash, password)
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        worker.password_hash = made
        await workers.revoke_all(tx, worker.id, desk.now(), but=digest(session))
        await audit.record(tx, "password_chosen", f"worker:{worker.id}", worker_id=worker.id, now=desk.now())


async def sign_in(desk: Desk, name: str, password: str, *, address: str) -> SignedIn:
    """Open a session by name and password. `address` is whoever asks, for the limit; only a digest of it is kept, for minutes.

    Raises `WrongPassword`, or `TooManyTries` before anything is compared. A wrong name takes as long as a wrong password.
    """
    now = desk.now()
    limits = {f"sign-in:{digest(name.casefold())}": OF_NAME, f"sign-in-from:{digest(address)}": OF_ADDRESS}
    async with desk.storage.transaction() as tx:
        again_at = await pace.take(tx, limits, now)
        worker = await workers.by_name(tx, name) if again_at is None else None
    if again_at is not None:
        raise TooManyTries(max(1, round((again_at - now).total_seconds() / 60)))
    known = worker.password_hash if worker is not None and worker.password_hash else _nobodys()
    if not await _matches(known, password[: LONGEST + 1]) or worker is None or not worker.password_hash:
        raise WrongPassword
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    stronger = await asyncio.to_thread(_hasher().hash, password) if _hasher().check_needs_rehash(known) else None
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker.id)
        if worker.password_hash != known:  # changed meanwhile
            raise WrongPassword
        worker.password_hash = stronger or known
        await workers.add_session(tx, worker.id, digest(token), csrf=csrf, now=now, expires_at=now + desk.policy.session_lives)
        await audit.record(tx, "signed_in", f"worker:{worker.id}", worker_id=worker.id, now=now, detail={"by": "password"})
    return SignedIn(token, csrf, worker)


async def sign_out_everywhere(desk: Desk, worker_id: int) -> int:
    """End every session of a worker, this one too, and every link that was not used; returns how many browsers were signed in."""
    async with desk.storage.transaction() as tx:
        worker = await worker_of(tx, worker_id)
        count = await workers.revoke_all(tx, worker.id, desk.now())
        await audit.record(tx, "signed_out_everywhere", f"worker:{worker.id}", worker_id=worker.id, now=desk.now())
        return count


@cache
def _hasher() -> PasswordHasher:
    """argon2id with the library's figures, which follow RFC 9106 for little memory."""
    return PasswordHasher()


@cache
def _nobodys() -> str:
    """A hash that no password has, so that a name that is not there costs the same time."""
    return _hasher().hash(secrets.token_urlsafe(32))


async def _matches(known: str, password: str) -> bool:
    try:
        return await asyncio.to_thread(_hasher().verify, known, password)
    except (VerificationError, InvalidHashError):
        return False
