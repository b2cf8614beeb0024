"""RIOSORD: two scores for serious slow breathing or overdose from prescribed opioids.

Points and classes as a public implementation gives them from the two papers (RIOS18 and the study before it). The probabilities
come from case-control studies; they are not what happens to one person.
"""

from planner.scores.scale import Band, Item, Option, Scale, yes_no

_LIMITS = (
    "The percentages are case-control probabilities, not real incidence. They are no forecast for one person.",
    (
        "A person with opioid use disorder gets the points for it whatever else holds. Use the class to plan watching and naloxone, "
        "never to refuse or limit pain relief."
    ),
    "Methadone counts in two rows: as methadone, and as a long-acting opioid.",
)
_CREDIT = "After the Risk Index for Overdose or Serious Opioid-induced Respiratory Depression (Zedler and others), in our own words."
_ADDS_LOW = "Naloxone for the person and the household, as for everybody."
_ADDS = "Naloxone taught to person and household, continuous oximetry with opioids by injection, and support at home."
_ADDS_HIGH = "As above, with capnography, and a call to the pain team before any opioid goes home."

_SUPPLY = ("mme", "Opioids in MME a day, buprenorphine left out and methadone for OUD not counted")


def _bands(edges: tuple[tuple[int, str], ...], higher: int, high: int) -> tuple[Band, ...]:
    return tuple(
        Band(
            at_least,
            f"{percent} in the study",
            _ADDS_HIGH if place >= high else _ADDS if place >= higher else _ADDS_LOW,
        )
        for place, (at_least, percent) in enumerate(edges)
    )


RIOSORD_VHA = Scale(
    id="riosord-vha",
    title="Overdose risk, veterans (RIOSORD)",
    purpose="Who needs naloxone, closer watching and support while opioids are used. Made from veterans' records.",
    items=(
        yes_no("dependence", "A visit for opioid dependence in the last 6 months", 15),
        yes_no("liver", "Chronic hepatitis or cirrhosis", 9),
        yes_no("bipolar", "Bipolar disorder or schizophrenia", 7),
        yes_no("lung", "Chronic lung disease", 5),
        yes_no("kidney", "Chronic kidney disease with loss of function", 5),
        yes_no("injury", "An injury that is being treated, burns apart", 4),
        yes_no("sleep", "Sleep apnea", 3),
        yes_no("long_acting", "Any long-acting opioid, methadone included", 9),
        yes_no("methadone", "Methadone", 9),
        yes_no("oxycodone", "Oxycodone", 3),
        yes_no("antidepressant", "An antidepressant", 7),
        yes_no("benzodiazepine", "A benzodiazepine", 4),
        Item(*_SUPPLY, (Option(0, "Under 20"), Option(5, "20 to under 50"), Option(9, "50 to under 100"), Option(16, "100 or more"))),
        yes_no("emergency", "An emergency visit in the last 6 months", 11),
        yes_no("hospital", "A day or more in hospital in the last 6 months", 8),
    ),
    bands=_bands(
        (
            (0, "3 %"), (25, "14 %"), (33, "24 %"), (38, "34 %"), (43, "46 %"),
            (47, "55 %"), (50, "64 %"), (55, "76 %"), (60, "85 %"), (67, "94 %"),
        ),
        higher=1,
        high=3,
    ),
    credit=_CREDIT,
    limits=_LIMITS,
    sources=("RIOS18", "DESIGN"),
)  # fmt: skip

RIOSORD_COMMERCIAL = Scale(
    id="riosord-commercial",
    title="Overdose risk, commercially insured (RIOSORD)",
    purpose="Who needs naloxone, closer watching and support while opioids are used. Made from the records of insured people.",
    items=(
        yes_no("dependence", "A visit for any substance use disorder in the last 6 months", 25),
        yes_no("bipolar", "Bipolar disorder or schizophrenia", 10),
        yes_no("lung", "Chronic lung disease", 5),
        yes_no("kidney", "Kidney disease with a marked loss of function", 8),
        yes_no("stroke", "Stroke or other disease of the brain's vessels", 9),
        yes_no("heart_failure", "Heart failure", 7),
        yes_no("pancreas", "Disease of the pancreas other than cancer", 7),
        yes_no("headache", "Headache that comes back", 5),
        yes_no("long_acting", "Any long-acting opioid, methadone included", 5),
        yes_no("methadone", "Methadone", 10),
        yes_no("fentanyl", "Fentanyl", 13),
        yes_no("morphine", "Morphine", 11),
        yes_no("hydromorphone", "Hydromorphone", 7),
        yes_no("antidepressant", "An antidepressant", 8),
        yes_no("benzodiazepine", "A benzodiazepine", 9),
        Item(*_SUPPLY, (Option(0, "Under 100"), Option(7, "100 or more"))),
    ),
    bands=_bands(
        ((0, "1.9 %"), (5, "4.8 %"), (8, "6.8 %"), (10, "15.1 %"), (18, "29.8 %"), (26, "55.1 %"), (42, "83.4 %")),
        higher=3,
        high=4,
    ),
    credit=_CREDIT,
    limits=_LIMITS,
    sources=("RIOS18", "DESIGN"),
)
