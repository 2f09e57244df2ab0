"""Which language a text is in."""

from faq.reading import Language


def detect(text: str) -> Language:
    """English or Chinese by their letters."""
    han = any("㐀" <= character <= "鿿" for character in text)
    latin = any(character.isascii() and character.isalpha() for character in text)
    return Language("mixed" if han and latin else "zh" if han else "en" if latin else "und", "hans" if han else None)
