"""Words for organisations, and who is accountable among those who lead."""

from __future__ import annotations

ORGANISATION_KINDS = {
    "council": "Council",
    "nhs": "NHS board or trust",
    "school": "School, college or setting",
    "forum": "Parent carer forum",
    "voluntary": "Voluntary or community organisation",
    "government": "Government department or inspectorate",
    "other": "Another kind",
}
