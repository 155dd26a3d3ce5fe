"""What leads say of sections 3 and 4 of the SEND plan in the demonstration: a text for each milestone, by its ref."""

from __future__ import annotations

from tracker.services.demonstration.words import ENGAGEMENT_AND_PATHWAYS, Words

_PLANS_AND_PARTNERS: dict[str, Words] = {
    "3a.1": Words(
        "the terms of reference for panels",
        "Terms of reference for panels",
        "The terms of reference are shared with all partners, and health and social care attend each panel.",
        "Panels reach a decision at the first sitting more often, because the right people are in the room.",
    ),
    "3a.2": Words(
        "the review of the panel structure",
        "Review of panels: findings",
        "The panel structure has been reviewed with members, schools and parents, case by case over a term.",
        "We know where cases were passed between panels without need.",
    ),
    "3a.3": Words(
        "the redesign of the panels",
        "New panel structure and calendar",
        "Two panels replace the former four, each with a multi-agency membership and a clear remit.",
        "Decisions are made about a week sooner.",
    ),
    "3b.1": Words(
        "the quality of advice for EHC assessments",
        "Sample of advice with audit scores",
        "Advice givers use one template in which needs, provision and outcomes are set out separately.",
        "In the last audit four in five pieces of advice were clear on all three.",
    ),
    "3b.2": Words(
        "the internal quality assurance of advice",
        "Quality assurance procedure",
        "Every piece of advice is checked before it goes to a panel, and a sample is checked again by a manager.",
        "Less advice is sent back, and plans are drafted sooner because of it.",
    ),
    "3b.3": Words(
        "the Quality Assurance Framework",
        "Quality Assurance Framework and audit cycle",
        "All partners apply the framework and take part in a multi-agency audit each term.",
        "What audits find is discussed with the teams within a month, and the same faults come up less often.",
    ),
    "3c.1": Words(
        "children's voice in EHC plans",
        "Audit of children's voice in plans",
        "Every new plan has the child's or young person's own words in it, gathered by someone who knows them.",
        "Young people who read their plan said that they recognised themselves.",
    ),
    "3c.2": Words(
        "the SEND Practice Weeks",
        "SEND Practice Week: programme and evaluation",
        "The Practice Week was held with sessions for case officers, advice givers and schools.",
        "More than half of those who came said that they had changed something in their practice since.",
    ),
    "3d.1": Words(
        "the audit tool for the golden thread",
        "Audit tool and data on the golden thread",
        "The audit tool now measures the golden thread from aspirations to outcomes in each plan.",
        "The share of plans with a clear thread is known each month and has risen.",
    ),
    "3d.2": Words(
        "the training plan for the EHC plan team",
        "Training plan for plan writers and advice givers",
        "The training plan covers the EHC plan team and all advice givers, with a place for each person.",
        "New case officers write plans that need fewer corrections.",
    ),
    "3d.3": Words(
        "the review of advice documentation",
        "Revised advice forms",
        "Advice forms from all services have been reviewed and the duplicate questions are gone.",
        "Professionals say that a form takes them less time, and families repeat themselves less.",
    ),
    "3d.4": Words(
        "the training through the SENCo Networks",
        "Slides and attendance from the SENCo Networks",
        "Training on the EHC plan and the 'Golden Thread of Aspirations' was delivered at every SENCo Network.",
        "Requests from schools that had the training are clearer about what the child hopes for.",
    ),
    "3e.1": Words(
        "the additional annual review co-ordinators",
        "Structure of the annual review team",
        "The additional co-ordinators are in post and hold their own caseload of overdue reviews.",
        "The backlog has stopped growing and began to fall in their second month.",
    ),
    "3e.2": Words(
        "the quality assurance of annual reviews",
        "Annual review audit form and results",
        "A sample of annual reviews is audited every month, and the results go to co-ordinators and schools.",
        "Reviews are more often complete when they reach us.",
    ),
    "3e.3": Words(
        "the annual review training",
        "Annual review training: materials",
        "Co-ordinators, schools and health colleagues have had training on annual reviews.",
        "Fewer review papers have to be returned to schools.",
    ),
    "3e.4": Words(
        "timely transition points",
        "Transition timetable and figures",
        "Reviews for children who change phase are scheduled a year ahead, and final plans went out by the deadline.",
        "Families knew the school in time to visit it.",
    ),
    "3e.5": Words(
        "the annual review backlog",
        "Backlog by month",
        "Reviews that were overdue at the start have been worked through, oldest first.",
        "Plans describe the child as they are today, and payments to schools match them.",
    ),
    "3e.6": Words(
        "the review of annual review paperwork",
        "New annual review forms",
        "The annual review forms were cut from nine pages to four with SENCOs and parents.",
        "SENCOs say that they spend the meeting with the family and no longer with the form.",
    ),
    "3e.7": Words(
        "the annual review training for schools",
        "SENDCo Network: annual review session",
        "All SENDCo Networks have had a session on annual reviews, with a recording for those who missed it.",
        "More reviews arrive within two weeks of the meeting.",
    ),
    "3e.8": Words(
        "the support for co-ordinators on amendments",
        "Amendment guide and training record",
        "Co-ordinators have had training and a guide on amending plans, with weekly case clinics.",
        "Amended plans go out sooner and describe the child's current needs.",
    ),
    "3e.9": Words(
        "the annual review tracker",
        "Annual review tracker: data definitions",
        "The tracker holds agreed data for each review and warns before a date is missed.",
        "Managers see every morning which reviews are due, and figures no longer differ between reports.",
    ),
    "4a.1": Words(
        "the review of governance",
        "Comparison of governance structures",
        "Our governance was compared with that of four other SEND partnerships and the findings were shared.",
        "The board agreed to meet less often and to decide more.",
    ),
    "4a.2": Words(
        "the SEND Improvement Group",
        "SEND Improvement Group: terms and first minutes",
        "The SEND Improvement Group meets each month and goes through the delivery milestones of each workstream.",
        "Slippage is seen weeks earlier than before and is dealt with below the board.",
    ),
    "4a.3": Words(
        "the Independent Chair",
        "Appointment of the Independent Chair: board minute",
        "The Independent Chair has been appointed after an open process, with parents on the panel.",
        "Partners say that challenge at the board is now even-handed.",
    ),
    "4a.4": Words(
        "the revised terms of reference of the board",
        "Board terms of reference, revised",
        "The board adopted its revised terms of reference, with oversight of this plan and of its risks.",
        "Each meeting opens with the plan and the risks, and members know what they answer for.",
    ),
    "4a.5": Words(
        "the monthly partner meetings",
        "Monthly partner meetings: action log",
        "Health, education and social care meet every month and keep one log of issues.",
        "Most issues are closed by the next meeting.",
    ),
    "4a.6": Words(
        "the memorandum between the two ICBs",
        "Memorandum of understanding, signed",
        "The memorandum is agreed by both ICBs and sets out the role of the DCOs.",
        "Families in the north and in the south of the area get the same health input to plans.",
    ),
    "4a.7": Words(
        "the DSCO role",
        "DSCO job description and start date",
        "The DSCO is in post and attends the panels and the improvement group.",
        "Social care advice arrives on time more often.",
    ),
    "4b.1": Words(
        "the strategy steering group",
        "Strategy steering group: membership",
        "The steering group for the SEND Strategy meets with parents, young people, schools, health and social care.",
        "The first draft was shaped by families before officers had written a page.",
    ),
    "4b.2": Words(
        "the SEND Strategy and outcomes framework",
        "SEND Strategy and shared outcomes framework",
        "The SEND Strategy and the shared outcomes framework are published, with an easy read version.",
        "Partners report to one set of outcomes.",
    ),
    "4d.1": Words(
        "the SEND handbook",
        "SEND handbook, revised edition",
        "The revised handbook is published and went to every school, setting and partner team.",
        "Schools refer to it in their requests. Calls about procedure have dropped.",
    ),
    "4d.2": Words(
        "the launch of the Ordinarily Available Toolkit",
        "Ordinarily Available Toolkit",
        "The toolkit was launched at a conference with schools and is on the Local Offer.",
        "Schools use it to plan support before they ask for an assessment.",
    ),
    "4d.3": Words(
        "the review of the Ordinarily Available Toolkit",
        "Toolkit review: what schools said",
        "The toolkit has been reviewed with schools that use it, and the sections on sensory needs were rewritten.",
        "More secondary schools use it since.",
    ),
    "4e.1": Words(
        "the SENCO networks",
        "SENCO network: calendar and membership",
        "The revised SENCO networks meet each half term in three areas, with a programme set by SENCOs.",
        "SENCOs from small rural schools come more often, since the meetings are near.",
    ),
    "4e.2": Words(
        "the graduated approach toolkit",
        "Graduated approach toolkit",
        "The graduated approach toolkit is in place, with worked examples for each area of need.",
        "Requests for assessment show more often what the school has tried.",
    ),
    "4e.3": Words(
        "the graduated approach training for health",
        "Training for ICBs and primary care networks",
        "Staff of the ICBs and the primary care networks had training on the graduated approach.",
        "Fewer families are told by a GP that only an EHC plan brings support.",
    ),
    "4e.4": Words(
        "the delivery model of the specialist teaching service",
        "Delivery model of the specialist advisory teaching service",
        "The revised delivery model is in place, with a named teacher for each cluster of schools.",
        "Schools wait days and no longer weeks for a first visit.",
    ),
    "4e.5": Words(
        "the adapted teaching support for schools",
        "Adapted teaching: training and coaching offer",
        "Schools have had training and coaching in high quality adapted teaching, with lesson visits after it.",
        "Visits show fewer pupils working alone with an adult and more of them working with the class.",
    ),
    "4f.1": Words(
        "the update of the toolkits",
        "Updated toolkits for schools",
        "The Ordinarily Available toolkit and the matching provision to need toolkits are updated and now agree.",
        "Schools and panels use the same words for the same level of support.",
    ),
    "4f.2": Words(
        "the operational plan for communication and interaction",
        "Operational plan for communication and interaction",
        "The operational plan is being carried out in all clusters, with speech and language therapists in the lead.",
        "Staff in the first cluster use visual supports in every class.",
    ),
    "4f.3": Words(
        "the relaunch of the specialist advisory teaching service",
        "Relaunch: service offer for schools",
        "The service was relaunched with a published offer, and outreach is commissioned where we lack the skill.",
        "Schools know what they may ask for and what it costs.",
    ),
}

SEND_WORDS: dict[str, Words] = ENGAGEMENT_AND_PATHWAYS | _PLANS_AND_PARTNERS
"""The words for every milestone of the SEND plan, by its ref with its workstream's."""
