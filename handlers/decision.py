"""Answer, suggest or escalate: the one decision, a pure function of what was read, shared by every way a question can come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from faq.reading import FollowUpKind, Match, Question, Reading


class Action(StrEnum):
    """What Linli does with a message."""

    urgent = "urgent"
    answer = "answer"
    suggest = "suggest"
    escalate = "escalate"
    smalltalk = "smalltalk"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities, 0–1: from `answer` an answer is given outright, from `suggest` entries are offered, below it a person is asked."""

    answer: float
    suggest: float


@dataclass(frozen=True, slots=True)
class Step:
    """What is done about one question of a message: `entry` is what is answered, `part` the piece of it that was asked for."""

    action: Action
    question: str
    matches: tuple[Match, ...]
    entry: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done about a message, question by question; the first step names the action of the whole."""

    steps: tuple[Step, ...]

    @property
    def action(self) -> Action:
        """The action of the message as a whole: an answer to one of two questions counts as an answer."""
        actions = [step.action for step in self.steps]
        return Action.answer if Action.answer in actions else actions[0]

    @property
    def entries(self) -> tuple[str, ...]:
        """The ids of all entries that are answered."""
        return tuple(step.entry for step in self.steps if step.entry is not None)

    @property
    def candidates(self) -> tuple[Match, ...]:
        """What may answer the message, best first, each entry once: answered entries lead, then the questions' matches in turn."""
        found: dict[str, Match] = {}
        for step in self.steps:
            if step.entry is not None:
                found[step.entry] = next((m for m in step.matches if m.entry == step.entry), Match(step.entry, "", "", 1.0))
        for rank in range(max((len(step.matches) for step in self.steps), default=0)):
            for step in self.steps:
                if rank < len(step.matches):
                    found.setdefault(step.matches[rank].entry, step.matches[rank])
        return tuple(found.values())

    @property
    def confidence(self) -> float:
        """The probability, 0–1, that the first candidate settles the message."""
        return self.candidates[0].score if self.candidates else 0.0


def decide(reading: Reading, thresholds: Thresholds, known: Sequence[str] = ()) -> Decision:
    """What to do about a message that was addressed to Linli. `known` are the ids that can still be answered, in case one was withdrawn."""
    if reading.urgency is not None:
        return _alone(Action.urgent, reading)
    follow_up = reading.follow_up
    if follow_up is not None:
        if follow_up.kind is FollowUpKind.none:
            return _alone(Action.escalate, reading)
        if follow_up.entry is not None and (not known or follow_up.entry in known):
            question = reading.questions[0]
            return Decision((Step(Action.answer, question.text, question.matches, follow_up.entry, follow_up.part),))
    if reading.smalltalk is not None:
        return _alone(Action.smalltalk, reading)
    steps = tuple(_step(question, thresholds) for question in reading.questions)
    answered = tuple(step for step in steps if step.action is Action.answer)
    return Decision(answered + tuple(step for step in steps if step not in answered))


def _alone(action: Action, reading: Reading) -> Decision:
    return Decision((Step(action, reading.questions[0].text, reading.questions[0].matches),))


def _step(question: Question, thresholds: Thresholds) -> Step:
    if question.confidence >= thresholds.answer:
        return Step(Action.answer, question.text, question.matches, question.matches[0].entry)
    action = Action.suggest if question.confidence >= thresholds.suggest else Action.escalate
    return Step(action, question.text, question.matches)
