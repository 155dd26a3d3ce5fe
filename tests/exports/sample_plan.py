"""A plan of realistic length for tests: refs, dates and lead posts as a council's SEND improvement plan has them."""

# ruff: noqa: E501 - one line a milestone reads better than six

from __future__ import annotations

SSM = ("SEND Senior Manager", "Council")
SPI = ("SEND Partnership and Improvement Manager", "Council")
AD = ("Assistant Director for Education and Inclusion", "Council")
ADQ = ("Assistant Director for Quality and Performance", "Council")
ICB = ("Head of Children's Services: SEND and Complexities", "ICB")
ICB_D = ("SEND Delivery Manager", "ICB")
SVC = ("SEND Service Manager", "Council")

KEY = (
    ("Grey", "Action not started"),
    ("Blue", "Action completed and signed off"),
    ("Green", "Action on target"),
    ("Amber", "Action delayed and likely to miss completion deadline"),
    ("Red", "Action significantly delayed and has missed completion deadline (new completion deadline date required)"),
)

# (ref, title, what good looks like, workstreams); a workstream is (ref, title, leads, milestones);
# a milestone is (number, date as written, text, scenario). The scenarios are read in sample.py.
PRIORITIES = (
    (
        "1",
        "Effective communications",
        (
            "A communications strategy and operational plan are in place and understood by all.",
            "Every contact with services receives a timely and appropriate response.",
            "Coproduction is embedded across the partnership and the Parent Carer Forum is active.",
        ),
        (
            (
                "1a",
                "Develop clear and meaningful communications with parents, carers, young people and professionals",
                (SPI, ICB_D),
                (
                    ("1", "Jul 2025", "An agreed and live engagement plan maps out planned activities, with opportunities for children in elective home education and education otherwise than at school.", "done"),
                    ("2", "Sep 2025", "A coproduced communications approach is agreed with all stakeholders and a communications charter is developed.", "moved"),
                    ("3", "Sep 2025", "Review each customer journey pathway to ensure that consistent standards are in place.", "missed"),
                    ("4", "Jan 2026", "Roll out the communications approach with all stakeholders, including families.", "forecast"),
                    ("5", "Jun 2026", "Programme of review established so that the approach remains valued, valid and effective.", ""),
                ),
            ),
            (
                "1b",
                "Ensure that coproduction is central to all we do",
                (SPI,),
                (
                    ("1", "Sep 2025", "Meet all groups of children and young people in education, out of education and in the community every half term.", "done late"),
                    ("2", "Jan 2026", "Develop young people to capture peer voice.", "track"),
                    ("3", "Dec 2025", "Celebration event twice a year to show young people what they are influencing in their own services.", "track"),
                ),
            ),
            (
                "1c",
                "Increase the membership of, and the partnership with, the Parent Carer Forum",
                (SPI, AD),
                (
                    ("1", "Jun 2025", "Representation in the Parent Carer Forum from all age groups and all areas of the authority.", "done late"),
                    ("2", "Jul 2025", "Advice obtained from Contact and from other Parent Carer Forums.", "done"),
                    ("3", "Sep 2025", "An increase in the numbers of parents and carers who are actively involved in coproduction.", "asked"),
                    ("4", "Sep 2025", "A clear service level agreement is in place with key actions and deliverables.", "claimed long"),
                    ("5", "Sep 2025", "Plans in place to replicate successes in other areas.", "missed"),
                    ("6", "Apr 2026", "Effective partnership working with parent carers.", ""),
                    ("7", "Apr 2026", "Work with other Parent Carer Forums to identify good practice.", "track"),
                ),
            ),
            (
                "1d",
                "Make the Local Offer useful, current and known to families",
                (SPI,),
                (
                    ("1", "TBC", "Local Offer Review Board of parents and professionals is meeting.", ""),
                    ("2", "Autumn term 2025", "Local Offer drop-ins held in each locality.", "track"),
                    ("3", "Mar 2026", "Search on the Local Offer site replaced and tested with families.", ""),
                ),
            ),
        ),
    ),
    (
        "2",
        "Neurodevelopmental assessment waiting times",
        (
            "A co-produced pathway is published and compliant with NICE guidance.",
            "Waiting times are scrutinised by the Partnership Board at every meeting.",
        ),
        (
            (
                "2a",
                "Ensure that families are well supported whilst waiting for diagnostic services",
                (ICB, ICB_D),
                (
                    ("1", "Jun 2025", "Multi-agency steering group set up to develop and oversee the operational plan.", "done"),
                    ("2", "Jan 2026", "Services mapped and gaps identified.", "at risk"),
                    ("3", "Jun 2026", "Launch of the neurodevelopmental pathway.", "blocked"),
                    ("4", "Jun 2027", "Review of how effective the pathway is.", ""),
                ),
            ),
            (
                "2b",
                "Transform the current system from a diagnosis-led to a needs-led model of care",
                (ICB,),
                (
                    ("1", "Sep 2025", "Single data set for all neurodevelopmental pathways in both ICBs to monitor activity.", "critical missed"),
                    ("2", "Oct 2025", "Existing SEN support offers brought together as a suite of tools for schools, young people and families.", "claimed"),
                    ("3", "Dec 2025", "Local profiling tool to support identification of needs and appropriate support.", "forecast"),
                    ("4", "Apr 2026", "Digital front door and single point of access in place.", "track"),
                    ("5", "Apr 2026", "Service specification in line with NICE standards.", ""),
                    ("6", "Apr 2027", "Audit of all pathways against NICE standards.", ""),
                    ("7", "Apr 2027", "Integrated ASD, ADHD and FASD referral pathways.", ""),
                    ("8", "Apr 2027", "Screening and high-quality triage at the start of the pathway.", ""),
                    ("9", "Apr 2027", "Local NHS providers all offer an assessment pathway compliant with NICE guidance.", ""),
                ),
            ),
            (
                "2c",
                "Improve understanding of neurodivergence across all professionals",
                (ICB,),
                (
                    ("1", "Aug 2026", "Targeted training in the Autism Diagnostic Observation Schedule for the diagnostic workforce.", ""),
                    ("2", "Oct 2026", "Audit of how effective adaptive teaching is, through statutory visits by education improvement advisers.", ""),
                    ("3", "Dec 2026", "Review of quality first teaching for neurodiversity through the Ordinarily Available framework.", ""),
                    ("4", "Apr 2027", "Awareness training delivered to staff groups in health, social care, education and early years.", ""),
                ),
            ),
            (
                "2d",
                "Engage families and young people in the neurodivergent transformation",
                (ICB_D,),
                (
                    ("1", "Sep 2025", "Presentation at the Parent Carer Forum.", "done"),
                    ("2", "Dec 2025", "Visibility and accessibility of support improved through the Local Offer and provider websites.", "not started"),
                    ("3", "Apr 2027", "Stakeholder events held and quarterly update sessions with young people and families.", ""),
                ),
            ),
            (
                "2e",
                "Support SEMH needs through the ‘All About Me’ one page profile",
                (AD,),
                (
                    ("1", "Jun 2026", "Workforce development in place and rolling programme of ‘All About Me’.", "track"),
                    ("2", "Sep 2026", "One page profile used to inform Section A of EHC plans.", ""),
                    ("3", "Mar 2027", "Virtual platform in place.", "withdrawn"),
                ),
            ),
        ),
    ),
    (
        "3",
        "EHC plan quality",
        (
            "Multi-agency decision-making panels are effective.",
            "Advice is of high quality and consistent; annual reviews are completed within statutory timescales.",
        ),
        (
            (
                "3a",
                "Refresh and repurpose EHC plan panels so that needs are met in a timely and effective way",
                (SSM,),
                (
                    ("1", "May 2025", "Terms of reference and multi-agency attendance for panels developed and shared.", "done"),
                    ("2", "May 2025", "Review the current panel structure.", "done"),
                    ("3", "Sep 2025", "Redesign effective, multi-agency panels.", "claimed late"),
                ),
            ),
            (
                "3b",
                "EHC plans are of high quality and quality assurance is well established",
                (SSM,),
                (
                    ("1", "Mar 2026", "Needs, provision and outcomes are clearly identifiable in all advice received.", "track"),
                    ("2", "Jan 2026", "Robust internal quality assurance of the advice provided is in place.", "track"),
                    ("3", "Jan 2026", "Quality Assurance Framework applied consistently by all partners.", "at risk"),
                ),
            ),
            (
                "3c",
                "The voice of the child and the family is clear and aspirational in individual planning",
                (SSM,),
                (
                    ("1", "Sep 2025", "Child and young person voice is clear and included in every EHC plan.", "missed"),
                    ("2", "14 November 2025", "SEND Practice Week to develop the workforce, including an offer to schools.", "done quick"),
                ),
            ),
            (
                "3d",
                "Develop the workforce: quality of advice across the EHC plan process",
                (SSM,),
                (
                    ("1", "Sep 2026", "Audit tool shows more EHC plans with a clear golden thread from strengths to outcomes.", ""),
                    ("2", "Oct 2025", "Training plan developed for the EHC plan team and advice givers.", "moved twice"),
                    ("3", "Oct 2025", "Review advice documentation.", "done"),
                    ("4", "Jan 2026", "Training on the golden thread of aspirations delivered through SENCo networks.", "track"),
                ),
            ),
            (
                "3e",
                "Annual reviews are delivered, with amendments made, in a timely manner",
                (SVC, SSM),
                (
                    ("1", "Jun 2025", "Additional co-ordinators employed to reduce the backlog of annual reviews.", "done"),
                    ("2", "Sep 2025", "Develop quality assurance of annual review processes.", "done"),
                    ("3", "Sep 2025", "Training around annual reviews.", "done late"),
                    ("4", "Oct 2025", "Ensure timely and effective transition points.", "asked"),
                    ("5", "Jan 2026", "The backlog of annual reviews has been cleared.", "forecast"),
                    ("6", "Jan 2026", "Review of annual review paperwork and processes to support efficiency.", "track"),
                    ("7", "Jan 2026", "Training provided for schools on annual reviews through SENCo networks.", "track"),
                    ("8", "Jan 2026", "Further training and support for co-ordinators so that amendments are timely.", "not started"),
                    ("9", "Jun 2026", "Further development of the annual review tracker so that correct data is held and used.", ""),
                ),
            ),
        ),
    ),
    (
        "4",
        "Multi-agency working",
        (
            "The SEND strategy and outcomes framework are coproduced with all stakeholders.",
            "There is a transparent governance structure with equal partnership of council, ICBs and parent carers.",
        ),
        (
            (
                "4a",
                "Strengthen governance structures across the partnership",
                (ADQ, AD),
                (
                    ("1", "Sep 2025", "Current governance structures reviewed against other SEND partnerships.", "done"),
                    ("2", "Sep 2025", "SEND Improvement Group set up with oversight of milestones for each workstream.", "done"),
                    ("3", "Dec 2025", "Independent Chair for the SEND Partnership Board identified and in place.", "at risk"),
                    ("4", "Dec 2025", "Revised terms of reference of the SEND Partnership Board in place.", "track"),
                    ("5", "Jan 2026", "Monthly meetings of health, education and social care partners take place.", "track"),
                    ("6", "Jan 2026", "Memorandum of understanding agreed between both ICBs, including the DCO role.", "blocked"),
                    ("7", "Mar 2026", "DSCO role is in place.", ""),
                ),
            ),
            (
                "4b",
                "Agree the direction of SEND through a coproduced strategy and outcomes framework",
                (SSM,),
                (
                    ("1", "Sep 2025", "Steering group leads the development of the SEND strategy.", "done"),
                    ("2", "Jan 2026", "SEND strategy and shared outcomes framework published.", "forecast"),
                ),
            ),
            (
                "4d",
                "Training, support and documents for schools and partners to implement a graduated response",
                (SSM,),
                (
                    ("1", "Apr 2026", "Revised SEND handbook published.", ""),
                    ("2", "Jan 2026", "Ordinarily Available toolkit launched.", "track"),
                    ("3", "Apr 2026", "Ordinarily Available toolkit reviewed.", ""),
                ),
            ),
            (
                "4e",
                "Schools, settings and partners are supported to identify and meet need at the earliest stage",
                (SSM,),
                (
                    ("1", "Apr 2025", "Revised SEND SENCo networks in place.", "missed"),
                    ("2", "Apr 2026", "Graduated approach toolkit in place.", ""),
                    ("3", "Apr 2026", "Training for ICBs and primary care networks to understand the graduated approach.", ""),
                    ("4", "Apr 2026", "Revised delivery model for the specialist advisory teaching service in place.", "track"),
                    ("5", "Apr 2026", "Support and training for schools to deliver adapted teaching.", ""),
                ),
            ),
            (
                "4f",
                "Shared understanding of the support that schools provide: the graduated approach",
                (),
                (
                    ("1", "Sep 2025", "Ordinarily Available and matching provision toolkits updated to support schools.", "done late"),
                    ("2", "Sep 2025", "Operational plan to support effective communication and interaction implemented.", "missed"),
                    ("3", "Sep 2026", "Relaunch of the specialist advisory teaching service and commissioned outreach.", ""),
                ),
            ),
        ),
    ),
)  # fmt: skip

UPDATES = {
    "done": (
        "All elements delivered and evidence filed with the programme office.",
        "Families told the summer survey that they knew whom to ask: 71%, up from 54%.",
    ),
    "done late": ("Delivered after the summer break; attendance records are in evidence.", ""),
    "done quick": (
        "Practice week held 10 to 14 November with 212 staff from 46 schools.",
        "Nine in ten said that they would change how they write advice.",
    ),
    "missed": ("Two of five pathways reviewed; the review lead left in August.", ""),
    "critical missed": (
        "Data sharing agreement drafted; one ICB has signed.",
        "",
    ),
    "asked": ("Recruitment drive held in three localities.", "Membership is up by 14 families."),
    "claimed": ("Suite of tools published on the Local Offer on 27 October.", ""),
    "claimed long": ("Agreement signed by both parties and filed.", "Expectations are clear to both."),
    "claimed late": ("Panels redesigned and meeting weekly since 13 October.", "Decisions within six weeks: 82%."),
    "moved": ("Charter drafted with the forum; wording goes to the November board.", ""),
    "moved twice": ("Training needs analysis complete; provider to be appointed.", ""),
    "forecast": ("Work has begun, behind the plan because of vacancies in the team.", ""),
    "at risk": ("Procurement opened; two expressions of interest.", ""),
    "blocked": ("Drafting complete on our side.", ""),
    "track": ("On track: the working group met in October and agreed its actions.", ""),
}
