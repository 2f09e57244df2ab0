"""Memory: rows, queries and transactions; one file an aggregate, its rows first, then what may be asked of them.

Channels and chats are opaque strings here; wording, the FAQ and platforms are not known. SQLAlchemy is used in this room only.
Functions are called by their module (`tickets.claim(tx, …)`) and take the transaction first and, where they need it, the time.
"""

from storage.audit import AuditRecord
from storage.changes import Change, Subject
from storage.communities import Community, Grid
from storage.conversations import Author, Conversation, Utterance
from storage.database import Storage
from storage.duties import Duty
from storage.erasure import Erasure
from storage.errors import AlreadyRunning, Conflict, StorageError, StorageUnavailable
from storage.exports import ExportLink
from storage.filters import SavedFilter
from storage.findable import SearchEntry
from storage.groups import Group, GroupFact, Speaker
from storage.handovers import Handover
from storage.held_replies import HeldReply
from storage.marks import Mark
from storage.outbox import Delivery, DeliveryState
from storage.pace import Pace
from storage.pages import Page
from storage.people import Identity, Resident
from storage.presences import Presence
from storage.tags import TicketTag
from storage.threads import Thread
from storage.tickets import EventKind, QueueRow, Reason, Standard, Status, Ticket, TicketEvent
from storage.transaction import Transaction
from storage.translations import Translation
from storage.workers import Role, SignInLink, Worker, WorkerSession

__all__ = [
    "AlreadyRunning", "AuditRecord", "Author", "Change", "Community", "Conflict", "Conversation", "Delivery", "DeliveryState",
    "Duty", "Erasure", "EventKind", "ExportLink", "Grid", "Group", "GroupFact", "Handover", "HeldReply",
    "Identity", "Mark", "Pace", "Page", "Presence", "QueueRow", "Reason", "Resident", "Role",
    "SavedFilter", "SearchEntry", "SignInLink", "Speaker", "Standard", "Status", "Storage", "StorageError",
    "StorageUnavailable", "Subject", "Thread", "Ticket", "TicketEvent", "TicketTag",
    "Transaction", "Translation", "Utterance", "Worker", "WorkerSession",
]  # fmt: skip
