"""Answer, suggest or hand over: carry out what was decided about a message."""

from handlers.answers import tell
from handlers.decision import Action, Decision, Step
from handlers.messages import Choice, Reply, ReplyKind
from handlers.resident import payloads
from handlers.resident.escalate import escalate
from handlers.resident.turn import Turn
from storage.tickets import Reason


def _(message: str) -> str:
    """Marks a message for the catalogues; it is translated where it is said."""
    return message


#: How many related entries stand under an answer.
RELATED = 2


async def answer(turn: Turn, decision: Decision) -> list[Reply]:
    """One reply for each question of the message: its answer, up to three suggestions, or the receipt of a ticket."""
    return [await _carry_out(turn, step) for step in decision.steps]


async def _carry_out(turn: Turn, step: Step) -> Reply:
    if step.action is Action.answer and step.entry is not None:
        return show(turn, step.entry, step.part)
    if step.action is Action.suggest:
        return suggest(turn, step)
    return await escalate(turn, Reason.unmatched, question=step.question, matches=step.matches)


def show(turn: Turn, entry_id: str, part: str | None = None) -> Reply:
    """An entry as a reply, with what can be tapped below it."""
    catalogue = turn.desk.faq.catalogue
    entry = catalogue.entries[entry_id]
    voice = turn.voice
    text = tell(catalogue, entry, voice, today=turn.now.date(), community=turn.resident.community_id, part=part)
    language = voice.languages[0]
    related = [catalogue.entries[name] for name in entry.related if name in catalogue.entries][:RELATED]
    choices = [
        Choice(voice.label(_("👍 This helped")), payloads.payload(payloads.HELPED, "@")),
        Choice(voice.label(_("👎 Talk to a person")), payloads.payload(payloads.UNHELPFUL, "@")),
        *payloads.other_language(voice),
        *(Choice(voice.write(other.titles[language]), payloads.payload(payloads.ENTRY, other.id)) for other in related),
    ]
    return turn.reply(ReplyKind.answer, text, choices=choices, entry=entry_id)


def suggest(turn: Turn, step: Step) -> Reply:
    """Up to three entries to choose from, and "none of these"."""
    catalogue = turn.desk.faq.catalogue
    voice = turn.voice
    entries = [catalogue.entries[m.entry] for m in step.matches if m.entry in catalogue.entries][: turn.desk.policy.suggestions]
    choices = [Choice(voice.write(entry.titles[voice.languages[0]]), payloads.payload(payloads.ENTRY, entry.id)) for entry in entries]
    choices.append(Choice(voice.label(_("None of these")), payloads.payload(payloads.NONE_FITS, "@")))
    return turn.reply(ReplyKind.suggestion, voice.say(_("Did you mean one of these?")), choices=choices)
