"""The numbers by which Linli decides: plain values with units, one dataclass, changed in one place."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds, limits and times. The defaults are the ones Linli is measured with."""

    #: Probability, 0–1, from which an answer is given outright; None takes what the matcher's calibration proposes.
    answer_at: float | None = None
    #: Probability, 0–1, from which up to `suggestions` entries are offered; None takes what the calibration proposes.
    suggest_at: float | None = None
    #: How many entries are offered under "Did you mean …".
    suggestions: int = 3
    #: How long an opening fragment ("hi", "my visa") waits for the line that follows it.
    fragment_hold: timedelta = timedelta(seconds=2.5)
    #: The pictures of one album arrive one by one; they are answered together when none came for this time.
    album_hold: timedelta = timedelta(seconds=1)
    #: A line that no entry answers joins the open ticket when it comes within this time of the last one on it.
    join_within: timedelta = timedelta(minutes=10)
    #: Whoever has sent this many messages within this time is flooding: what follows is kept, and read together once they pause.
    #: Whoever never pauses is answered after `flood_patience`. 0: nobody floods.
    flood_after: int = 5
    flood_within: timedelta = timedelta(seconds=10)
    flood_patience: timedelta = timedelta(seconds=30)
    #: How long the entry shown last and the choices offered last may be referred to.
    context_lives: timedelta = timedelta(minutes=30)
    #: How long the speaker's channel may take to send a reply before the courier sends it.
    reply_lease: timedelta = timedelta(seconds=30)
    #: First and longest wait between two tries to deliver; it doubles from one to the other.
    retry_first: timedelta = timedelta(seconds=2)
    retry_longest: timedelta = timedelta(minutes=10)
    #: A delivery that was tried this often is left to a person.
    retry_limit: int = 40
    #: A worker's first answer counts into the usual wait for this long.
    usual_wait_over: timedelta = timedelta(days=28)
    #: A closed ticket can be reopened by its resident for this long.
    reopen_within: timedelta = timedelta(days=14)
    #: Service standards, in office time: the first answer, the next one after a word of the resident, the matter settled. No law asks
    #: for these figures; they are below the 24 hours of service time that other public helplines promise.
    first_answer: timedelta = timedelta(hours=2)
    next_answer: timedelta = timedelta(hours=4)
    resolution: timedelta = timedelta(hours=40)
    #: Before a standard breaks the assignee is reminded so much office time earlier; so much after it the ticket goes back to the queue.
    remind_before: timedelta = timedelta(minutes=30)
    release_after: timedelta = timedelta(hours=1)
    #: Who is paged and does not say so within this time is followed by the next person; after so many rounds it is given up.
    page_next: timedelta = timedelta(minutes=5)
    page_rounds: int = 3
    #: A worker's reply from the console can be taken back for this long.
    undo: timedelta = timedelta(seconds=5)
    #: A ticket that rests until the resident answers comes back after this long all the same.
    answer_within: timedelta = timedelta(days=7)
    #: "NAME is answering" is believed for this long without being renewed.
    presence: timedelta = timedelta(seconds=20)
    #: A one-time sign-in link lives this long.
    sign_in_link_lives: timedelta = timedelta(hours=24)
    #: A worker who does nothing for this long is signed out; nobody stays signed in longer than the second figure.
    session_idle: timedelta = timedelta(hours=2)
    session_lives: timedelta = timedelta(hours=12)
    #: A new entry of the FAQ is looked at again after this time, like visas, taxes and fees, until somebody sets another day.
    review_after: timedelta = timedelta(days=90)
    #: Characters of a message that are read for meaning; all of it is kept.
    read_characters: int = 2000
    #: How long what is kept is kept: words after their ticket was closed (or, outside tickets, after they were said), references to
    #: files, what went out and technical records, the audit log, and a person of whom nothing more was heard.
    keep_text: timedelta = timedelta(days=180)
    keep_attachments: timedelta = timedelta(days=30)
    keep_logs: timedelta = timedelta(days=14)
    keep_records: timedelta = timedelta(days=1096)
    keep_people: timedelta = timedelta(days=365)
    #: A link to a person's own data works this long, and once.
    export_link_lives: timedelta = timedelta(hours=1)
