"""What the commands say, in the language of the terminal."""

import os
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

import typer

T = TypeVar("T")


def language() -> str:
    """`zh` where the terminal speaks Chinese (LC_ALL, LC_MESSAGES, LANG), else `en`."""
    tags = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next(filter(None, tags), "").lower().startswith("zh") else "en"


def say(message: str, /, **values: object) -> str:
    """`message` of the catalogues in the language of the terminal."""
    from handlers.i18n import translate

    return translate(language(), message, **values)


def fail(sentence: str) -> NoReturn:
    """End the command with a sentence on standard error and exit code 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine; what goes wrong in the store or the desk becomes a sentence instead of a trace."""
    import asyncio

    from handlers.errors import LinliError, Unavailable

    try:
        return asyncio.run(work)
    except LinliError as error:
        fail(error.told(language()))
    except Unavailable as error:
        fail(say(_told(error)))


def _told(error: Exception) -> str:
    """What is wrong with the memory, as a message of the catalogues."""
    from storage.errors import AlreadyRunning

    if isinstance(error, AlreadyRunning):
        return _("Another Linli is already serving from this database file; stop that one first, or use PostgreSQL for several.")
    return _("The database does not answer (disk full, locked, read-only or connection lost); nothing was changed. Try again.")


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message
