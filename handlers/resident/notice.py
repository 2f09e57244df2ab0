"""What a person is told about their data: three sentences at the first answer, all of it at /privacy."""

from handlers.desk import Desk
from handlers.messages import ChatKind, Choice, Reply, ReplyKind
from handlers.resident import payloads
from handlers.resident.turn import Turn
from handlers.voice import Voice
from storage import audit


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: Raised whenever what is kept, for how long or who sees it changes: everybody is told again.
VERSION = "2026-11"
#: Replies that the first notice may follow. Danger comes alone, a welcome has its own sentence, /privacy says it all.
AFTER = frozenset({ReplyKind.answer, ReplyKind.suggestion, ReplyKind.receipt, ReplyKind.smalltalk, ReplyKind.notice})

FIRST = _(
    "I keep what you write here, your name and your language, so that a person can answer you. "
    "Only the social workers of your community see it, and its words go {days} days after your question is settled. "
    "The web chat runs on the community's own machine; Telegram is run outside mainland China."
)
MORE = _("More: {link}")
#: What /privacy says, paragraph by paragraph.
PARAGRAPHS = (
    _("What is kept: what you write and are answered here, your name as the chat shows it, your language and your community."),
    _("What for: so that you are answered, by me or by a person, and so that a question is not lost. Nothing is used for advertising."),
    _("Who sees it: the social workers of your community. Each look at a ticket is recorded. Other residents never see it."),
    _(
        "How long: words go {days} days after the question is settled, references to photos and files after {files} days. "
        "Records of who looked, without your words, stay for {years} years, because the law asks for them. "
        "A person who has not written for {silent} days is forgotten altogether."
    ),
    _(
        "Where: in the community's own database. A message in Telegram also lies with Telegram, outside mainland China; "
        "if you do not want that, use the web chat."
    ),
    _(
        "Passport, permit, identity and bank card numbers are masked in lists, logs and notices; only who answers you sees them in full. "
        "Photos are not read by the program, so it cannot cover numbers in them."
    ),
    _("Younger than 14? Please write together with a parent or guardian."),
    _(
        "Yours to ask for at any time: /mydata gives you everything held about you, /forget deletes it. A social worker can do both for you."
    ),
)


def text(desk: Desk, voice: Voice) -> str:
    """All that /privacy says."""
    keep = desk.policy
    figures = {
        "days": keep.keep_text.days,
        "files": keep.keep_attachments.days,
        "years": round(keep.keep_records.days / 365),
        "silent": keep.keep_people.days,
    }
    return voice.each(lambda language: "\n\n".join(Voice(language).say(paragraph, **figures) for paragraph in PARAGRAPHS))


async def privacy(turn: Turn, argument: str) -> list[Reply]:
    """What is kept, for what and for how long, who sees it, and the person's own data two taps away."""
    await told(turn)
    choices = () if turn.message.chat_kind is ChatKind.group else own_choices(turn.voice)
    return [turn.reply(ReplyKind.privacy, text(turn.desk, turn.voice), choices=choices)]


def own_choices(voice: Voice) -> tuple[Choice, Choice]:
    """The buttons that take and delete what is held."""
    return (
        Choice(voice.label(_("Get my data")), payloads.payload(payloads.MY_DATA)),
        Choice(voice.label(_("Delete my data")), payloads.payload(payloads.FORGET, "ask")),
    )


async def first_notice(turn: Turn, replies: list[Reply]) -> list[Reply]:
    """The three sentences after a person's first answer in a chat of their own, once for each version."""
    mine = turn.message.chat_kind is ChatKind.private and turn.reading.urgency is None
    if not mine or turn.resident.privacy_version == VERSION or not replies or any(reply.kind not in AFTER for reply in replies):
        return replies
    await told(turn)
    words = turn.voice.say(FIRST, days=turn.desk.policy.keep_text.days)
    link = turn.desk.link(turn.message.channel, "/privacy")
    if link:
        words = f"{words}\n{turn.voice.say(MORE, link=link)}"
    understood = Choice(turn.voice.label(_("I understand")), payloads.payload(payloads.UNDERSTOOD, VERSION))
    return [*replies, turn.reply(ReplyKind.privacy, words, choices=(understood,))]


async def told(turn: Turn) -> None:
    """Write down that the person was told, and which version."""
    if turn.resident.privacy_version != VERSION:
        turn.resident.privacy_version = VERSION
        turn.resident.privacy_at = turn.now
        await audit.record(
            turn.tx, "privacy_told", f"resident:{turn.resident.id}", worker_id=None, now=turn.now, detail={"version": VERSION}
        )


async def understood(turn: Turn, argument: str) -> list[Reply] | None:
    """The person has read it."""
    if argument != VERSION:
        return [turn.reply(ReplyKind.privacy, text(turn.desk, turn.voice), choices=own_choices(turn.voice))]
    await audit.record(
        turn.tx, "privacy_understood", f"resident:{turn.resident.id}", worker_id=None, now=turn.now, detail={"version": VERSION}
    )
    return [turn.reply(ReplyKind.notice, turn.voice.say(_("Thank you. /privacy shows it again, /forget deletes everything.")))]
