"""Sedation under opioids, by the levels of the POSS in own words. Source: POSS2009 (levels and what to do at each)."""

from planner.scores.scale import Band, Item, Option, Scale

SEDATION = Scale(
    id="sedation",
    title="Sedation under opioids",
    purpose="Whether the next opioid dose may be given.",
    items=(
        Item(
            "level",
            "How the person is now",
            (
                Option(0, "S: asleep, wakes easily"),
                Option(1, "1: awake and alert"),
                Option(2, "2: a little drowsy, wakes easily"),
                Option(3, "3: drowsy again and again, drifts off while talking"),
                Option(4, "4: hardly or not to be woken"),
            ),
        ),
    ),
    bands=(
        Band(0, "Asleep", "Acceptable while the person wakes easily. Count the breaths and look at the oxygen."),
        Band(1, "Alert", "Acceptable. The next dose may be given."),
        Band(2, "Slightly drowsy", "Acceptable. The next dose may be given; look again after it."),
        Band(
            3,
            "Too drowsy",
            "Hold the dose and call. Cut the next doses by a quarter to a half, add a non-opioid, and watch until the level is under 3.",
        ),
        Band(4, "Hardly to be woken", "Stop the opioid, stay, support breathing, think of naloxone, call for help."),
    ),
    credit="After the Pasero Opioid-induced Sedation Scale (1994), whose wording is its author's; the levels are told here in our own words.",
    limits=(
        "Scales that mix in agitation, such as RASS, were not made for opioids during pain treatment.",
        "Sedation comes before slow breathing, so look at it first.",
    ),
    sources=("POSS2009",),
)
