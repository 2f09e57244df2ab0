"""The matcher that serves: changed entries are in it at once, and the whole of it is fitted again behind the scenes."""

import logging
import os
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from faq.catalogue import Catalogue
from faq.encoders import Encoder
from faq.entry import LOCALES
from faq.index import Example
from faq.matcher import Matcher

log = logging.getLogger(__name__)

#: Niceness of the thread that fits: whoever waits for an answer comes first.
_NICE: Final = 10


@dataclass(frozen=True, slots=True)
class Given:
    """What a matcher is made from: questions and titles by entry id, and texts that nothing answers."""

    examples: Mapping[str, Sequence[Example]]
    evidence: Mapping[str, Sequence[Example]]
    none: tuple[str, ...]

    @classmethod
    def of(cls, catalogue: Catalogue) -> Self:
        """What a catalogue gives."""
        entries = catalogue.entries.values()
        return cls(
            {entry.id: [(locale, text) for locale in LOCALES for text in entry.questions[locale]] for entry in entries},
            {entry.id: [(locale, entry.titles[locale]) for locale in LOCALES] for entry in entries},
            catalogue.none,
        )


class Serving:
    """Holds a matcher and follows the catalogue. Readers take `matcher`, which is swapped whole; any thread may call.

    A matcher that cannot be made costs the encoders first, then the matching: `matcher` is None then. `soon` serves with the first
    encoder alone until the others have read the examples, which takes minutes at the very first start.
    """

    def __init__(
        self, catalogue: Catalogue, *, encoders: Sequence[Encoder] = (), cache_dir: Path | None = None, soon: bool = False
    ) -> None:
        self._encoders = tuple(encoders)
        self._cache_dir = cache_dir
        self._given = Given.of(catalogue)
        self._turn = threading.Lock()
        self._fitting: threading.Thread | None = None
        self.matcher = self._fit(self._given, self._encoders[:1] if soon else self._encoders)
        if soon and len(self._encoders) > 1:
            self._settle_behind()

    def follow(self, catalogue: Catalogue) -> None:
        """Serve these entries from now on. Where only answers have changed nothing is to be done."""
        given = Given.of(catalogue)
        with self._turn:
            if given == self._given:
                return
            self._given = given
            if self.matcher is None or not self.matcher.classes or not given.examples:
                self.matcher = self._fit(given, self._encoders)
                return
            try:
                self.matcher = self.matcher.update(given.examples, given.none, evidence=given.evidence)
            except Exception:
                log.exception("matcher not updated", extra={"action": "matcher_not_updated"})
            if self._fitting is None:
                self._settle_behind()

    def settled(self, timeout_s: float | None = None) -> bool:
        """Wait until everything is fitted; whether it is by then."""
        fitting = self._fitting
        if fitting is not None:
            fitting.join(timeout_s)
        return fitting is None or not fitting.is_alive()

    def _settle_behind(self) -> None:
        self._fitting = threading.Thread(target=self._settle, name="linli-fit", daemon=True)
        self._fitting.start()

    def _settle(self) -> None:
        """Fit until what was fitted is what is wanted now."""
        with suppress(OSError, AttributeError):  # only Linux gives a thread a priority of its own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        while True:
            given = self._given
            made = self._fit(given, self._encoders)
            with self._turn:
                if given is self._given:
                    self.matcher = made or self.matcher
                    self._fitting = None
                    return

    def _fit(self, given: Given, encoders: Sequence[Encoder]) -> Matcher | None:
        for used in (encoders, ()):
            try:
                return Matcher.fit(given.examples, given.none, evidence=given.evidence, encoders=used, cache_dir=self._cache_dir)
            except Exception:
                log.exception("matcher not made", extra={"action": "matcher_not_made", "encoders": len(used)})
        return None
