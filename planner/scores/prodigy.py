"""PRODIGY: risk of slow breathing under opioids by vein on a ward, 0 to 39 points.

Source: PRODIGY2020 for the five predictors; points as two independent public implementations agree.
"""

from planner.scores.scale import Band, Item, Option, Scale, yes_no

PRODIGY = Scale(
    id="prodigy",
    title="Slow breathing on the ward (PRODIGY)",
    purpose="How closely to watch breathing while opioids are given by injection on a ward.",
    items=(
        Item(
            "age",
            "Age",
            (Option(0, "Under 60"), Option(8, "60 to 69"), Option(12, "70 to 79"), Option(16, "80 or over")),
        ),
        yes_no("male", "Male", 8),
        yes_no("naive", "Opioid-naive", 3),
        yes_no("sleep", "Sleep-disordered breathing", 5),
        yes_no("heart_failure", "Chronic heart failure", 7),
    ),
    bands=(
        Band(0, "Low", "Continuous oximetry with every opioid by injection, as for everybody."),
        Band(8, "Intermediate", "Continuous oximetry, and capnography where it can be had."),
        Band(15, "High", "Continuous oximetry and capnography while opioids are given by injection."),
    ),
    credit="After the PRODIGY study (2020).",
    limits=(
        (
            "Being opioid-naive gives 3 points, so a person on MOUD scores lower although the risk is not lower: on MOUD or a "
            "benzodiazepine the class is at least intermediate here."
        ),
        "It was built on wards, with opioids by injection.",
    ),
    sources=("PRODIGY2020", "DESIGN"),
)


def with_override(points: int, moud_or_benzodiazepine: bool) -> Band:
    """Return the class for watching: at least intermediate on MOUD or a benzodiazepine (a choice of this project)."""
    return PRODIGY.band(max(points, PRODIGY.bands[1].at_least) if moud_or_benzodiazepine else points)
