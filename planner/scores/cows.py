"""COWS: signs of opioid withdrawal, 11 items, 0 to 48 points. Source: COWS2003; points as two public implementations agree."""

from planner.scores.scale import Band, Item, Option, Scale


def _item(id: str, label: str, *options: tuple[int, str]) -> Item:
    return Item(id, label, tuple(Option(points, words) for points, words in options))


COWS = Scale(
    id="cows",
    title="Opioid withdrawal (COWS)",
    purpose="How strong withdrawal from opioids is now, and how it changes between two looks.",
    items=(
        _item(
            "pulse",
            "Pulse after a minute at rest",
            (0, "80 or less"),
            (1, "81 to 100"),
            (2, "101 to 120"),
            (4, "Over 120"),
        ),
        _item(
            "sweating",
            "Sweating in the last half hour, not from heat or work",
            (0, "None"),
            (1, "Says so, nothing to see"),
            (2, "Face flushed or moist"),
            (3, "Drops on the forehead"),
            (4, "Runs down the face"),
        ),
        _item(
            "restlessness",
            "Restlessness",
            (0, "Sits still"),
            (1, "Finds it hard, but manages"),
            (3, "Keeps shifting arms or legs"),
            (5, "Cannot sit still for seconds"),
        ),
        _item(
            "pupils",
            "Pupils",
            (0, "Normal for the light"),
            (1, "Perhaps wider"),
            (2, "Clearly wider"),
            (5, "So wide that only a rim of color is left"),
        ),
        _item(
            "aches",
            "Aching bones or joints that is new",
            (0, "None"),
            (1, "Mild"),
            (2, "Severe"),
            (4, "Rubs joints or muscles, cannot sit for it"),
        ),
        _item(
            "nose",
            "Runny nose or tears, not from a cold",
            (0, "None"),
            (1, "Stuffy, or eyes moist"),
            (2, "Nose runs or eyes water"),
            (4, "Runs all the time"),
        ),
        _item(
            "gut",
            "Stomach and bowel in the last half hour",
            (0, "Nothing"),
            (1, "Cramps"),
            (2, "Nausea or loose stool"),
            (3, "Vomiting or diarrhea"),
            (5, "Several times"),
        ),
        _item(
            "tremor",
            "Tremor of the stretched-out hands",
            (0, "None"),
            (1, "Felt, not seen"),
            (2, "Slight"),
            (4, "Strong, or twitching"),
        ),
        _item(
            "yawning",
            "Yawning while being looked at",
            (0, "None"),
            (1, "Once or twice"),
            (2, "Three times or more"),
            (4, "Several times a minute"),
        ),
        _item(
            "anxiety",
            "Anxious or irritable",
            (0, "No"),
            (1, "Says so"),
            (2, "To be seen"),
            (4, "Too much to take part"),
        ),
        _item("skin", "Gooseflesh", (0, "Skin smooth"), (3, "To be felt, or hairs stand up"), (5, "Marked")),
    ),
    bands=(
        Band(0, "None", "Look again in 4 to 6 hours while withdrawal is expected."),
        Band(5, "Mild", "Look again in 4 to 6 hours, treat symptoms, and ask when the last MOUD dose was."),
        Band(13, "Moderate", "Treat now and call the addiction specialist; withdrawal makes pain worse."),
        Band(
            25,
            "Moderately severe",
            "Treat now, call the addiction specialist and the pain team, look again within the hour.",
        ),
        Band(37, "Severe", "Treat now, call the addiction specialist and the team at once, and stay."),
    ),
    credit="After the Clinical Opiate Withdrawal Scale of D. R. Wesson and W. Ling (2003), in our own words.",
    limits=(
        "After anesthesia and surgery the pulse, the gut and sweating can have other causes.",
        "A score does not replace the history: ask what was taken last, and when.",
    ),
    sources=("COWS2003",),
)
