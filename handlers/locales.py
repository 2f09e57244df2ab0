"""Which language for whom: the person's own choice, then this text, then what was settled before, then the platform's hint, then both."""

from faq.reading import Language

#: What a person may choose: English, simplified and traditional Chinese.
CHOICES = ("en", "zh", "zh-Hant")
#: Stands for a person whose own language has no catalogue: everything is said in English and in Chinese.
BOTH = "en+zh"


def from_text(language: Language) -> str | None:
    """The locale that a text asks for, or None where it does not tell (mixed, digits, a single emoji)."""
    if language.code == "zh":
        return "zh-Hant" if language.script == "hant" else "zh"
    if language.code == "en":
        return "en"
    return None if language.code in ("mixed", "und") else BOTH


def from_hint(hint: str | None) -> str | None:
    """The locale of a platform's language tag such as `zh-hans`, `zh-TW`, `en-GB` or `ru`; None where there is no tag."""
    if not hint:
        return None
    tag = hint.lower().replace("_", "-")
    if tag.startswith("zh"):
        return "zh-Hant" if any(part in tag for part in ("hant", "tw", "hk", "mo")) else "zh"
    return "en" if tag.startswith("en") else BOTH


def settle(own: str | None, language: Language, before: str | None, hint: str | None) -> str:
    """The locale to answer in. A mixed text follows the conversation, and Chinese where nothing was said before."""
    fallback = "zh" if language.code == "mixed" else BOTH
    return own or from_text(language) or before or from_hint(hint) or fallback
