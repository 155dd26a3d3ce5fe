"""What leads say in the demonstration at each stage of the work, whatever the milestone is: chosen by position."""

from __future__ import annotations

Said = tuple[tuple[str, str], ...]
"""Pairs of what was done and what difference it made; {it} stands for the milestone in a sentence."""

STARTED: Said = (
    (
        "A small working group for {it} has met twice and agreed the scope and the order of work.",
        "Schools and health colleagues know who to speak to, which they did not before.",
    ),
    (
        "We have gathered what there is already on {it} and asked partners what gets in the way.",
        "Too early to measure. The gaps are written down in one place for the first time.",
    ),
    (
        "A lead officer has been named for {it}, and parents have been invited to the first session.",
        "None that families would notice yet.",
    ),
    (
        "We looked at how three other areas went about {it} and kept what fits a rural area.",
        "It spared us one pilot that had not worked elsewhere.",
    ),
    (
        "The plan of work for {it} is agreed with partners, with a step for each month.",
        "Partners have set time aside, so that meetings are no longer put off.",
    ),
    (
        "Work on {it} began with a survey of staff and families; the answers are being read.",
        "Families have told us that being asked at the start matters to them.",
    ),
    (
        "The first workshop on {it} took place, with parents and young people making up a third of the room.",
        "The order of priorities changed because of what they said.",
    ),
    (
        "Time and money for {it} are confirmed for this year, and the first tasks are under way.",
        "Too early to say.",
    ),
)

GOING_ON: Said = (
    (
        "A second draft on {it} went to all partners, and their comments are being worked in.",
        "The draft is used in two teams already, and they report fewer queries.",
    ),
    (
        "The first stage of {it} has run for half a term in six schools.",
        "Four of the six schools want to carry on. Two found the paperwork heavy, and we are cutting it.",
    ),
    (
        "More than half of the work on {it} is done; what is left is listed with a name against each task.",
        "Staff who took part say that they are surer of what to do.",
    ),
    (
        "Sessions on {it} took place in each of the three areas this month.",
        "Attendance was good in the south and thin in the west, where we will go back.",
    ),
    (
        "The steering group looked at {it} in detail and was content with the pace.",
        "Families at the meeting said that they had noticed quicker answers.",
    ),
    (
        "Health colleagues have agreed their part in {it}, and the data they hold has been shared.",
        "For the first time figures from health and from the council can be put side by side.",
    ),
    (
        "What we propose on {it} was tried out with SENCOs and rewritten in plainer words.",
        "SENCOs say that they would use it as it stands.",
    ),
    (
        "The tasks for this quarter on {it} are complete, and evidence is being collected.",
        "Early figures go the right way, though one quarter is too short to be sure.",
    ),
    (
        "Everyone who has a part in {it} has been trained, and a drop-in runs each fortnight.",
        "Questions at the drop-in have moved from how to why, which we take as a good sign.",
    ),
    (
        "Parents from the forum joined the group for {it} and went through the open points one by one.",
        "Two steps that parents found confusing have been taken out.",
    ),
    (
        "A progress note on {it} went to head teachers, with the three things that schools need to do.",
        "Nineteen schools have done all three. We are ringing the others.",
    ),
    (
        "The risks to {it} were gone through with finance and legal colleagues, and none of them needs a decision.",
        "No direct effect on families yet, but two questions that held us up are settled.",
    ),
    (
        "Young people tried out what there is of {it} and told us what they would leave out.",
        "It is shorter and in their words. The group that tried it would recommend it to friends.",
    ),
    (
        "The templates and letters for {it} are finished and are being used with new cases.",
        "New cases take fewer e-mails back and forth. Older cases follow next term.",
    ),
    (
        "A visit to a neighbouring authority gave us their materials for {it}, which we are adapting.",
        "It saves about a month of drafting.",
    ),
    (
        "Figures on {it} are collected every month now, and the first three months have been checked.",
        "Managers can see which area needs help and have moved one worker there.",
    ),
)

AT_RISK = (
    (
        "The post that does most of the work has been vacant for six weeks",
        "An officer from another team covers two days a week until the new postholder starts.",
        "Agreement to fill the post without the usual delay.",
        "Families wait about a month longer, and the next step cannot be booked.",
    ),
    (
        "Two partners have not yet returned their comments",
        "The lead is visiting both partners this month to go through the draft with them.",
        "",
        "The draft goes out without the two partners, and their staff go on working as before.",
    ),
    (
        "The supplier has put back delivery of the software by a month",
        "We are testing on the supplier's trial site, so that training can start before delivery.",
        "A letter from the board to the supplier.",
        "Staff keep two records of each child until the software is there.",
    ),
    (
        "Sickness in the team has halved the time there is for it",
        "Less urgent work has been put off until next term.",
        "",
        "The work ends one term later than planned.",
    ),
    (
        "Schools have asked for the sessions to be held after the examinations",
        "Sessions are booked for the first weeks after the examinations, with twice as many places.",
        "",
        "A third of schools would begin the new school year without the training.",
    ),
)

WILL_MISS = (
    "The consultation was extended by four weeks at the request of parents",
    "The legal agreement took longer than planned, and the next step cannot begin without it",
    "Fewer staff than expected could be released for training this term",
)

WILL_MISS_CONSEQUENCE = (
    "Families hear of the change a term later than they were told.",
    "Children who wait for this step wait about two months longer.",
    "Practice differs between schools until all staff are trained.",
)

WILL_MISS_RECOVERY = (
    "The remaining steps run side by side from now on, and the lead checks them every week.",
    "The solicitor's draft is with both parties, and all other steps are ready to follow on the same day.",
    "Cover is paid for, so that the remaining staff can come next half term.",
)

BLOCKED = (
    "The data sharing agreement between the two ICBs is not signed, so records cannot be matched",
    "The budget for this has not been released",
)

NEW_DATE = (
    (
        "The coproduction sessions took longer than planned, and parents asked for one more round.",
        "The last round is booked, the draft is ready, and the lead reports to the improvement group every fortnight.",
        "scope",
    ),
    (
        "A key post was vacant for three months.",
        "The post is filled since last month, and the work has been split into three steps with a date for each.",
        "capacity",
    ),
    (
        "A partner organisation was restructured, and its part had to be agreed anew.",
        "The new contact has signed up to the plan of work and attends every meeting.",
        "partner",
    ),
    (
        "Schools could not release staff during inspections.",
        "Sessions are offered online and after school as well, and four in five places are taken.",
        "capacity",
    ),
    (
        "The first version did not pass quality assurance and has to be reworked.",
        "A reviewer from outside reads each part as it is finished, so that faults show at once.",
        "other",
    ),
    (
        "Procurement had to be run again because too few suppliers replied.",
        "Three suppliers have confirmed that they will bid, and the contract can start the week after the award.",
        "procurement",
    ),
)

RETURNED = (
    "The document is still marked as a draft. Claim completion again when the agreed version is published.",
    "The evidence covers the first term only. Add what has happened since, and claim again.",
)

RETURNED_LATER: Said = (
    (
        "Partners have been asked for their last comments on {it}, so that the draft mark can come off.",
        "No change for families since the last update.",
    ),
    (
        "The records of this term on {it} are being put together; two services have still to send theirs.",
        "No change for families since the last update.",
    ),
)
"""What is being done about a returned claim, in the order of the reasons for which it was returned."""

APPROVED = (
    "",
    "Seen the evidence and spoken to two of the people who use it.",
    "",
    "Agreed. The next review should look at whether the change lasts.",
    "The evidence is complete.",
)

OVERRIDE = "All that is left is booked and paid for, so the new date is safe until the board next meets"

DONE: Said = (
    (
        "All of what was planned for {it} has been delivered and is in use.",
        "Schools that were visited afterwards work with it as intended.",
    ),
    (
        "The final version on {it} was agreed by partners and is published.",
        "There is one version that everyone works from, where there used to be several.",
    ),
    (
        "The work on {it} is complete and has passed to the team that will keep it going.",
        "Families who gave feedback say that they notice the difference in how soon they are answered.",
    ),
    (
        "The last of the planned steps on {it} was taken this month, and the group has closed.",
        "Staff report that they are more confident, and fewer cases are passed up to a manager.",
    ),
    (
        "Partners have signed off {it} in their own meetings, and guidance went to every school.",
        "The number of queries fell by about a third in the weeks that followed.",
    ),
    (
        "Every school and setting has what it needs for {it}, and a contact to ask.",
        "Schools that joined late caught up within a term.",
    ),
    (
        "The steps agreed for {it} are all taken. What was learned is written up on two pages.",
        "Parents were asked before and after, and more of them say that they know where to turn.",
    ),
    (
        "The arrangements for {it} have run for a full term without a gap.",
        "Staff no longer keep their own lists, and children are not missed between services.",
    ),
    (
        "Governors and head teachers have adopted the proposals on {it}.",
        "It is part of how schools review their own work each year.",
    ),
)
