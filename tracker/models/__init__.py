"""Every table, by name."""

from tracker.models.base import Base
from tracker.models.boards import Board, BoardMember, BoardPlan, ClosureDay, Meeting
from tracker.models.imports import ImportBatch, ImportJob, ImportPart, ImportProfile, PlanReading
from tracker.models.jobs import JobRun, WorkerBeat
from tracker.models.ledger import ColourSpan, LedgerEntry
from tracker.models.messages import Absence, CalendarFeed, Chase, UpdateLink
from tracker.models.outbox import MessageSettings, OutboxAttachment, OutboxMessage
from tracker.models.packs import (
    Matter,
    Pack,
    PackAction,
    PackChase,
    PackCommentary,
    PackContent,
    PackMinute,
    PackWaiver,
)
from tracker.models.people import FormToken, Holding, Membership, Organisation, Person, Post
from tracker.models.plan import (
    LeadAssignment,
    Measure,
    Plan,
    Priority,
    RatingScheme,
    Reading,
    Record,
    Voice,
    Workstream,
)
from tracker.models.raid import RaidItem, RaidLink
from tracker.models.security import SecurityEvent, SecurityRetention
from tracker.models.versions import Baseline, PlanVersion
from tracker.models.webhooks import Webhook, WebhookDelivery
from tracker.models.work import (
    Action,
    Commitment,
    DeadlineChange,
    Edition,
    Evidence,
    Milestone,
    MilestoneAction,
    MilestonePredecessor,
    Occurrence,
    PeriodState,
    PlanEndChange,
)
from tracker.models.workbooks import ReturnedWorkbook

__all__ = [
    "Absence", "Action", "Base", "Baseline", "Board", "BoardMember", "BoardPlan", "CalendarFeed", "Chase",
    "ClosureDay", "ColourSpan", "Commitment", "DeadlineChange", "Edition", "Evidence", "FormToken", "Holding",
    "ImportBatch", "ImportJob", "ImportPart", "ImportProfile", "JobRun", "LeadAssignment", "LedgerEntry", "Matter",
    "Measure", "Meeting", "Membership", "MessageSettings", "Milestone", "MilestoneAction", "MilestonePredecessor",
    "Occurrence", "Organisation", "OutboxAttachment", "OutboxMessage", "Pack", "PackAction", "PackChase",
    "PackCommentary", "PackContent", "PackMinute", "PackWaiver", "PeriodState", "Person", "Plan", "PlanEndChange",
    "PlanReading", "PlanVersion", "Post", "Priority", "RaidItem", "RaidLink", "RatingScheme", "Reading", "Record",
    "ReturnedWorkbook", "SecurityEvent", "SecurityRetention", "UpdateLink", "Voice", "Webhook", "WebhookDelivery",
    "WorkerBeat", "Workstream",
]  # fmt: skip
