"""The blueprints, in the order of the navigation."""

from tracker.views import (
    closures,
    completions,
    deadlines,
    decisions,
    evidence,
    import_columns,
    import_questions,
    leads,
    link_workbooks,
    links,
    matters,
    message_settings,
    pack_acts,
    pack_minutes,
    plan_scheme,
    plan_settings,
    post_acts,
    structure_acts,
    updates,
    versions,
)
from tracker.views.accounts import accounts
from tracker.views.auth import auth
from tracker.views.board import board
from tracker.views.boards import boards
from tracker.views.by_link import by_link
from tracker.views.calendars import calendars
from tracker.views.changes import changes
from tracker.views.chase import chase
from tracker.views.commitments import commitments
from tracker.views.health import health
from tracker.views.imports import imports
from tracker.views.measures import measures
from tracker.views.meetings import meetings
from tracker.views.milestones import milestones
from tracker.views.mine import mine
from tracker.views.my_messages import my_messages
from tracker.views.outbox import outbox
from tracker.views.packs import packs
from tracker.views.pages import pages
from tracker.views.people import people
from tracker.views.plans import plans
from tracker.views.portfolio import portfolio
from tracker.views.raid import raid
from tracker.views.receipts import receipts
from tracker.views.reports import reports
from tracker.views.schemes import schemes
from tracker.views.security import security
from tracker.views.sign_off import sign_off
from tracker.views.structure import structure
from tracker.views.webhooks import webhooks
from tracker.views.what_if import what_ifs
from tracker.views.workbooks import workbooks
from tracker.views.worker import worker

# Modules that add their routes to the blueprints of milestones, of plans and of imports.
ROUTES = (
    updates, decisions, completions, evidence, deadlines, versions, links, plan_settings, plan_scheme, structure_acts,
    leads, post_acts, pack_acts, pack_minutes, import_columns, import_questions, link_workbooks, message_settings,
    matters, closures,
)  # fmt: skip
BLUEPRINTS = (
    auth, portfolio, plans, structure, raid, measures, receipts, what_ifs, changes, milestones, commitments, mine,
    sign_off, board, boards, meetings, packs, reports, workbooks, chase, imports, people, accounts, schemes, security,
    worker, outbox, webhooks, my_messages, by_link, calendars, pages, health,
)  # fmt: skip
