"""A greeting, a thank-you, a curse: one short kind line in the person's language, never a ticket."""

from handlers.messages import Reply, ReplyKind
from handlers.resident.turn import Turn


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: What is said to each kind of small talk that `faq.smalltalk` tells apart.
LINES = {
    "greeting": _("Hello. Ask me about visas, registration, doctors, driving, housing, work or daily life here."),
    "thanks": _("You are welcome."),
    "goodbye": _("Goodbye. I am here when you need something."),
    "how_are_you": _("I am fine, thank you. What can I do for you?"),
    "robot": _("I am Linli, a program of your community. I answer from its FAQ, and a social worker answers the rest."),
    "name": _("I am Linli 邻里, which means neighbourhood."),
    "insult": _("I am sorry that this was no help. Write /human and a person answers you."),
    "praise": _("Thank you, that is good to hear."),
    "apology": _("No harm done. What can I do for you?"),
    "acknowledgement": _("Good. Write whenever something else comes up."),
    "emoji": _("I can read words best. What would you like to know?"),
    "laugh": _("Good to hear you laugh. What would you like to know?"),
    "chatter": _("That is outside what I know. I can help with life in the community: papers, doctors, housing, work."),
    "test": _("I am here and listening. Ask me something about life here."),
    "nonsense": _("I could not read that. Say it in other words, or write /human for a person."),
}


def small_talk(turn: Turn) -> list[Reply]:
    """The kind line; nothing where the text is no small talk."""
    talk = turn.reading.smalltalk
    return [turn.reply(ReplyKind.smalltalk, turn.voice.say(LINES[talk.kind]))] if talk else []
