"""What leads say of sections 1 and 2 of the SEND plan in the demonstration: a text for each milestone, by its ref."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """The words for one milestone: what it is called in a sentence, its evidence, what was done, what it changed."""

    subject: str
    evidence: str
    done: str
    impact: str


ENGAGEMENT_AND_PATHWAYS: dict[str, Words] = {
    "1a.1": Words(
        "the engagement plan",
        "Engagement plan, as published",
        "The engagement plan is live on the Local Offer, with a calendar of activities for the year. "
        "Families who educate at home and young people with EOTAS packages helped to choose the dates.",
        "Families can see in advance when they will be asked and about what. Home educating families have come to two "
        "of the sessions, which they had not done before.",
    ),
    "1a.2": Words(
        "the communications charter",
        "Communications charter, agreed version",
        "The communications approach was written with parents, schools and health colleagues at three workshops, "
        "and the charter that came out of it is agreed by all of them.",
        "Families now have one page that says how soon they get an answer and who gives it.",
    ),
    "1a.3": Words(
        "the customer journey review",
        "Customer journey review: findings and standards",
        "All five customer journey pathways have been walked through with families who used them, and one set of "
        "standards covers first contact, assessment, review and complaint.",
        "The same question gets the same answer whichever team picks up the call. Repeat calls have gone down.",
    ),
    "1a.4": Words(
        "the roll out of the communications approach",
        "Roll out plan and briefing notes",
        "Every school, setting and partner team has been briefed on the communications approach, and a short version "
        "went to all families with an EHC plan.",
        "Case officers report fewer calls that ask only what happens next.",
    ),
    "1a.5": Words(
        "the review programme for communications",
        "Programme of review for the communications approach",
        "The programme of review is agreed, with a family panel that looks at letters and calls each quarter.",
        "Two standard letters have been rewritten after the first review because families found them cold.",
    ),
    "1b.1": Words(
        "the half-termly meetings with children and young people",
        "Record of meetings with young people's groups",
        "Participation workers met every known group this half term, in schools, in the community and with young "
        "people who are out of education.",
        "Young people's remarks on transport and on waiting rooms reached the managers who can change them.",
    ),
    "1b.2": Words(
        "the training of young people to capture peer voice",
        "Peer voice training: programme and feedback",
        "A first group of young people has been trained to interview their peers, and they have run four sessions.",
        "Peers speak more openly to them than to us. What they heard has changed the questions in our survey.",
    ),
    "1b.3": Words(
        "the celebration event",
        "Celebration event: programme and what young people said",
        "Summer and Christmas celebrations have been held, planned and hosted by young people themselves.",
        "Young people saw a list of what changed because of them, and eleven more asked to join a group.",
    ),
    "1c.1": Words(
        "representation in the Parent Carer Forum",
        "Membership map of the Parent Carer Forum",
        "The forum now has members from every district, from early years to age 25, and from all broad areas of need.",
        "Papers for working groups come back with comments from families in places we used not to hear from.",
    ),
    "1c.2": Words(
        "the advice from Contact",
        "Note of advice from Contact and three forums",
        "Contact has advised on how the forum is run, and three neighbouring forums shared how they recruit.",
        "The forum has changed the time of its meetings and opened an online group on the strength of it.",
    ),
    "1c.3": Words(
        "parents' part in consultation and coproduction",
        "Register of parents and carers involved",
        "A register of parents and carers who want to take part is kept with SENDAC, with what interests them.",
        "Each consultation since then has had at least six parents in it from the first meeting.",
    ),
    "1c.4": Words(
        "the service level agreement with SENDAC",
        "Service level agreement, signed",
        "The service level agreement is signed by the council and SENDAC. It names key actions, deliverables and the "
        "support the forum receives.",
        "Both sides know what to expect, and forum representatives are paid on time.",
    ),
    "1c.5": Words(
        "the plan to copy what works elsewhere",
        "What we take from other areas: action list",
        "A list of seven practices from other areas has been agreed with the forum, with a lead for each of them.",
        "Two of the practices, coffee mornings and a welcome pack, are in use already.",
    ),
    "1c.6": Words(
        "partnership working with parent carers",
        "Joint review of partnership working",
        "Council and forum reviewed together how they work, and every SEND working group has a parent representative.",
        "Nine in ten parent representatives said that the meeting they sit in took account of what they said.",
    ),
    "1c.7": Words(
        "the exchange with other forums",
        "Notes of visits to other Parent Carer Forums",
        "Forum members visited two other areas and brought back their practice on surveys and on reaching fathers.",
        "The forum's next survey was answered by twice as many families as the one before.",
    ),
    "11": Words(
        "the training of Local Offer Ambassadors",
        "Ambassador training: materials and attendance",
        "Young Inspectors and members of the Youth Council have been trained as Local Offer Ambassadors.",
        "Ambassadors have shown the Local Offer to groups in five schools and passed on what was hard to find.",
    ),
    "2a.1": Words(
        "the neurodevelopmental steering group",
        "Steering group: terms of reference",
        "The multi agency steering group meets monthly and holds the operational plan, with both ICBs at the table.",
        "Decisions on the pathway are made in one place and no longer wait for three separate meetings.",
    ),
    "2a.2": Words(
        "the map of services and gaps",
        "Service map and list of gaps",
        "All services on the neurodevelopmental pathway have been mapped, and the gaps are listed in order of urgency.",
        "Commissioners used the map to move a post to the area with the longest wait.",
    ),
    "2a.3": Words(
        "the launch of the ND pathway",
        "ND pathway as published on the Local Offer",
        "The pathway was launched with schools and families and is described on the Local Offer in plain words.",
        "Families can see each step and who to call while they wait.",
    ),
    "2a.4": Words(
        "the review of the pathway's effectiveness",
        "Review of the ND pathway: report",
        "The review has looked at waits, at feedback and at forty cases, and reported to the steering group.",
        "Three changes to the pathway follow from it, the first of them to how referrals are checked.",
    ),
    "2b.1": Words(
        "the single data set for both ICBs",
        "Data set definition and first report",
        "Both ICBs report waits and activity to one agreed definition, and the first joint report is out.",
        "The board sees one figure for average wait, and differences between providers show for the first time.",
    ),
    "2b.2": Words(
        "the suite of SEN support tools",
        "SEN support suite on the Local Offer",
        "The SEN support offers of all services have been reviewed and brought together as one suite of tools for "
        "schools and families.",
        "SENCOs say that they find the right tool in minutes. Requests for advice on basics have fallen.",
    ),
    "2b.3": Words(
        "the local profiling tool",
        "Profiling tool and guidance",
        "The profiling tool was tried in eight schools and revised with them, and every school has it now.",
        "Support is put in place from the profile while a child waits for assessment, where it used to start after it.",
    ),
    "2b.4": Words(
        "the digital front door",
        "Single point of access: process and screens",
        "The digital front door is open and all referrals come through the single point of access.",
        "Families get a receipt and a named contact the same week.",
    ),
    "2b.5": Words(
        "the service specification",
        "Service specification in line with NICE",
        "The service specification follows NICE standards and has been agreed by clinical leads in both ICBs.",
        "Providers work to the same standard, so that a family's postcode matters less.",
    ),
    "2b.6": Words(
        "the audit against NICE standards",
        "Audit of pathways: findings",
        "Every pathway has been audited against NICE standards, with a parent on the audit team.",
        "Each provider has a short list of what to put right and a day for it.",
    ),
    "2b.7": Words(
        "the integrated referral pathways",
        "Integrated referral form for ASD, ADHD and FASD",
        "One referral covers ASD, ADHD and FASD, and triage decides which assessments are needed.",
        "Children are no longer referred three times for the same concern.",
    ),
    "2b.8": Words(
        "screening and triage",
        "Triage protocol and staffing",
        "Screening and triage take place at the start of the pathway, led by a senior clinician.",
        "About a fifth of families are offered support at once that meets the need without an assessment.",
    ),
    "2b.9": Words(
        "the NICE compliant assessment pathway",
        "Statement of compliance from each provider",
        "All local NHS providers have confirmed in writing that their assessment pathway complies with NICE.",
        "The variance in waiting times between providers has come down.",
    ),
    "2c.1": Words(
        "the autism observation training",
        "Training record for the diagnostic workforce",
        "The diagnostic staff who were identified have completed the observation schedule training.",
        "Two more clinicians can lead assessments, which adds about four assessments a week.",
    ),
    "2c.2": Words(
        "the audit of adaptive teaching",
        "Adaptive teaching audit: summary",
        "Education improvement advisers have looked at adaptive teaching on their statutory visits and written it up.",
        "Schools with the weakest practice were offered a coach, and most of them accepted.",
    ),
    "2c.3": Words(
        "the review of quality first teaching",
        "Quality first teaching: review",
        "The review for neurodiversity covered a third of schools and all early years settings.",
        "It shows adjustments made earlier in primary schools. Secondary schools have asked for subject examples.",
    ),
    "2c.4": Words(
        "the awareness training",
        "Awareness training: attendance by service",
        "Awareness training has been delivered to the staff groups identified in health, social care and education.",
        "Staff say that they are surer about what to offer before a diagnosis.",
    ),
    "2d.1": Words(
        "the presentation to SENDAC",
        "Slides and questions from the SENDAC meeting",
        "The pathway and the waiting times were presented at the Parent Carer Forum, and every question was answered.",
        "Parents asked for a page on what to do while waiting. It is now on the Local Offer.",
    ),
    "2d.2": Words(
        "the visibility of support on the Local Offer",
        "Local Offer pages and links from providers",
        "The pages on neurodevelopmental support were rewritten, and providers link to them from their own websites.",
        "Visits to the pages have doubled and more families arrive from a provider's website.",
    ),
    "2d.3": Words(
        "the stakeholder events and update sessions",
        "Programme of events and what families said",
        "Stakeholder events have been held in each district, with an update session for families every quarter.",
        "Families say that they know where the work stands, even where they would like it to be faster.",
    ),
    "2e.1": Words(
        "the 'All About Me' programme",
        "'All About Me' training programme",
        "The rolling programme of 'All About Me' is in place, and staff in most schools and clinics have taken part.",
        "Children tell their story once and it travels with them.",
    ),
    "2e.2": Words(
        "the one page profile",
        "One page profile and sample Section A",
        "The one page profile is used as the start of Section A in every new EHC plan.",
        "Sections A now sound like the child. Parents in the plan survey have remarked on it.",
    ),
    "2e.3": Words(
        "the virtual platform",
        "Virtual platform: guide for families",
        "The virtual platform is open to families, schools and clinicians, with guides for each of them.",
        "Families who live far from a clinic can join sessions from home.",
    ),
}
