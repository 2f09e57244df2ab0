"""What can go wrong with memory, told without naming a database."""


class StorageError(Exception):
    """Linli's memory could not do what was asked."""


class StorageUnavailable(StorageError):
    """Linli's memory does not answer at the moment (disk full, locked, read-only or connection lost); nothing was kept, try again."""


class Conflict(StorageError):
    """Somebody else has just written the same thing, or a row names another that is not there; nothing was kept."""


class AlreadyRunning(StorageError):
    """Another Linli is already serving from this database file; stop that one first, or use PostgreSQL for several."""
