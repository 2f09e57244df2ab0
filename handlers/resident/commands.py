"""The commands of a resident, typed in any channel: /start /help /language /human /ticket /privacy /mydata /forget."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from handlers import locales
from handlers.messages import Choice, Reply, ReplyKind
from handlers.privacy import mask
from handlers.promise import promise
from handlers.resident import forget, mydata, notice, payloads
from handlers.resident.escalate import escalate
from handlers.resident.turn import Turn
from handlers.voice import Voice
from storage import tickets
from storage.tickets import Reason


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: What may be typed after /language.
LANGUAGES = {
    "en": "en",
    "english": "en",
    "英文": "en",
    "英语": "en",
    "zh": "zh",
    "chinese": "zh",
    "中文": "zh",
    "zh-hant": "zh-Hant",
    "繁體": "zh-Hant",
}
#: The topics that a newcomer is offered, with their names.
TOPICS = {
    "visa": _("Visas and permits"),
    "registration": _("Address registration"),
    "healthcare": _("Doctors and hospitals"),
    "housing": _("Housing"),
    "driving": _("Driving"),
    "daily": _("Money, phone, transport"),
}
#: How many entries of a topic are offered at once.
OFFERED = 5


async def command(turn: Turn) -> list[Reply] | None:
    """What a command answers, or None where the message is no command."""
    text = turn.message.text.strip()
    if not text.startswith("/"):
        return None
    word, _space, rest = text[1:].partition(" ")
    handler = COMMANDS.get(word.partition("@")[0].lower())
    if handler is None:
        return [turn.reply(ReplyKind.notice, turn.voice.say(_("I do not know that command. /help shows what I can do.")))]
    return await handler(turn, rest.strip())


async def start(turn: Turn, argument: str) -> list[Reply]:
    """The first words to a newcomer; a deep link `c-<community>` says which community they live in."""
    if argument.startswith("c-") and turn.desk.faq.catalogue.profile(argument[2:]) is not None:
        turn.resident.community_id = argument[2:]
    return [welcome(turn)]


def welcome(turn: Turn) -> Reply:
    """Who Linli is, one sentence about privacy, six topics."""
    profile = turn.desk.faq.catalogue.profile(turn.resident.community_id)
    hello = _(
        "Hello, this is Linli 邻里, the helpdesk of {community}. Ask me in your own words; what I cannot answer, a social worker does."
    )

    def words(language: str) -> str:
        anywhere = Voice(language).say(_("your community"))
        name = (profile.value("community.name", language) if profile else None) or anywhere
        kept = Voice(language).say(_("What you write here is kept so that a person can help you; /privacy tells more."))
        return f"{Voice(language).say(hello, community=name)}\n{kept}"

    return turn.reply(ReplyKind.welcome, turn.voice.each(words), choices=topic_choices(turn.voice))


def topic_choices(voice: Voice) -> list[Choice]:
    """One button a topic."""
    return [Choice(voice.label(name), payloads.payload(payloads.TOPIC, topic)) for topic, name in TOPICS.items()]


async def help_(turn: Turn, argument: str) -> list[Reply]:
    """What Linli can do and which commands there are."""
    text = _(
        "Ask in your own words, in any language. I answer in English or Chinese with the source.\n"
        "/human – talk to a person\n/ticket – your open tickets\n/language – English or 中文\n/privacy – what is kept about you\n"
        "/mydata – everything held about you\n/forget – delete it"
    )
    return [turn.reply(ReplyKind.notice, turn.voice.say(text), choices=topic_choices(turn.voice))]


async def language(turn: Turn, argument: str) -> list[Reply]:
    """Choose the language that Linli speaks with this person, or be asked which."""
    chosen = LANGUAGES.get(argument.lower())
    if chosen is None:
        names = {"en": "English", "zh": "中文", "zh-Hant": "繁體中文"}
        choices = [Choice(names[code], payloads.payload(payloads.LANGUAGE, code)) for code in locales.CHOICES]
        return [turn.reply(ReplyKind.notice, turn.voice.say(_("Which language do you prefer?")), choices=choices)]
    return [speak_from_now_on(turn, chosen)]


def speak_from_now_on(turn: Turn, chosen: str) -> Reply:
    """Remember the person's own choice of language; it wins over everything else."""
    turn.resident.locale = chosen
    turn.conversation.locale = chosen
    voice = Voice(chosen)
    return replace(turn.reply(ReplyKind.notice, voice.say(_("From now on I write to you in English."))), locale=voice.first)


async def human(turn: Turn, argument: str) -> list[Reply]:
    """A person, please: opens a ticket with what was written after the command or asked last."""
    return [await escalate(turn, Reason.requested, question=argument or last_question(turn))]


def last_question(turn: Turn) -> str:
    """What the person asked last in their own words; what they just wrote where there is nothing before it."""
    return turn.context.turns[-1] if turn.context.turns else turn.message.text


async def my_tickets(turn: Turn, argument: str) -> list[Reply]:
    """The person's open tickets with their promise and a button to take each back."""
    live = await tickets.live(turn.tx, turn.conversation.id)
    if not live:
        return [turn.reply(ReplyKind.notice, turn.voice.say(_("You have no open ticket. Ask your question here.")))]
    lines = []
    choices = []
    for ticket in live:
        lines.append(f"{await promise(turn.desk, turn.tx, ticket, turn.voice, turn.now)}\n“{mask(ticket.question)[:120]}”")
        label = turn.voice.label(_("I no longer need this"))
        choices.append(Choice(f"{label} ({ticket.number})", payloads.payload(payloads.WITHDRAW, ticket.number)))
    return [turn.reply(ReplyKind.notice, "\n\n".join(lines), choices=choices, ticket=live[0].number)]


COMMANDS: dict[str, Callable[[Turn, str], Awaitable[list[Reply]]]] = {
    "start": start,
    "help": help_,
    "language": language,
    "human": human,
    "ticket": my_tickets,
    "privacy": notice.privacy,
    "mydata": mydata.my_data,
    "forget": forget.ask,
}
