"""The calculators as forms: fields, and the answer in words. Values are read as strictly as those of a Case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from planner import doses, scores, words
from planner.catalog import Catalog
from planner.facts.local_anesthetics import dosing_weight_kg, drug_limit_mg
from planner.forms.questions import Question
from planner.inputs import number, whole_number
from planner.scores import Scale

SCALES = {
    scale.id: scale
    for scale in (scores.COWS, scores.RIOSORD_VHA, scores.RIOSORD_COMMERCIAL, scores.PRODIGY, scores.SEDATION)
}
_SEXES = {"female": "Female", "male": "Male"}
_YES_NO = {"no": "No", "yes": "Yes"}
OPIOIDS = {
    **{name: name.replace("_", " ").capitalize() for name in scores.FACTORS if name != "fentanyl_patch"},
    "fentanyl_patch": "Fentanyl patch (mcg an hour)",
    "buprenorphine": "Buprenorphine, any form",
    "other": "Another opioid",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One value to enter: a number within limits, or one of some choices."""

    id: str
    label: str
    help: str = ""
    unit: str = ""
    choices: Mapping[str, str] | None = None
    at_least: Decimal = Decimal(0)
    at_most: Decimal = Decimal(0)
    whole: bool = False

    def question(self, *, known: bool) -> Question:
        """Return the field as a form asks it; ``known`` when a plan filled it in."""
        help = " ".join(filter(None, (self.help, "From the plan." if known else "")))
        return Question(self.id, self.label, help, self.unit, "one" if self.choices else "number", self.choices or {})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a calculator says: the result, what it adds to care, and rows of a table, if there is one."""

    headline: str
    adds: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Calculator:
    """One small page: what it is for, its fields, how it answers, and what it must not be used for."""

    id: str
    title: str
    purpose: str
    fields: tuple[Field, ...]
    answer: Callable[[Mapping[str, str]], Answer]
    credit: str
    limits: tuple[str, ...]
    sources: tuple[str, ...]


def problems(calculator: Calculator, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with what was typed, by field: what it is and what would be right."""
    found = {}
    for field in calculator.fields:
        value = typed.get(field.id, "").strip()
        if not value:
            found[field.id] = "Choose an answer." if field.choices else "Enter a value."
        elif field.choices is not None:
            if value not in field.choices:
                found[field.id] = "Choose one of the answers."
        elif wrong := _wrong_number(field, value):
            found[field.id] = wrong
    return found


def _wrong_number(field: Field, value: str) -> str:
    try:
        read = whole_number(value) if field.whole else number(value)
    except ValueError as error:
        return str(error)
    if field.at_least <= read <= field.at_most:
        return ""
    low, high = doses.plain(field.at_least), doses.plain(field.at_most)
    return f"{doses.plain(read)} is outside {low} to {high}{f' {field.unit}' if field.unit else ''}. Check the value and its unit."


def calculators(catalog: Catalog) -> dict[str, Calculator]:
    """Return every calculator by its id, in the order of the index."""
    found = [_of_scale(scale) for scale in SCALES.values()]
    found += [_MME, _QTC, _CLEARANCE, _IDEAL_WEIGHT, _local_anesthetic(catalog)]
    return {calculator.id: calculator for calculator in found}


def _of_scale(scale: Scale) -> Calculator:
    fields = tuple(
        Field(item.id, item.label, choices={str(place): option.words for place, option in enumerate(item.options)})
        for item in scale.items
    )
    if scale is scores.PRODIGY:
        fields += (Field("moud", "Takes MOUD or a benzodiazepine", choices=_YES_NO),)

    def answer(typed: Mapping[str, str]) -> Answer:
        points = scores.total(scale, {item.id: int(typed[item.id]) for item in scale.items})
        band = scores.with_override(points, typed["moud"] == "yes") if "moud" in typed else scale.band(points)
        if scale is scores.SEDATION:
            return Answer(f"{band.label}.", band.adds, *_bands(scale))
        raised = " (raised for MOUD or a benzodiazepine)" if band != scale.band(points) else ""
        return Answer(f"{points} of {scale.most} points: {band.label}{raised}.", band.adds, *_bands(scale))

    return Calculator(scale.id, scale.title, scale.purpose, fields, answer, scale.credit, scale.limits, scale.sources)


def _bands(scale: Scale) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the bands as a table: points, name, what each adds."""
    ends = [*(str(band.at_least - 1) for band in scale.bands[1:]), str(scale.most)]
    rows = tuple(
        (f"{band.at_least} to {end}" if str(band.at_least) != end else end, band.label, band.adds)
        for band, end in zip(scale.bands, ends, strict=True)
    )
    return ("Points", "Band", "What it adds"), rows


def _mme_answer(typed: Mapping[str, str]) -> Answer:
    found = scores.mme(
        typed["opioid"],
        Decimal(typed["amount"].strip()),
        Decimal(typed["times"].strip()),
        for_oud=typed["for_oud"] == "yes",
    )
    table = tuple((OPIOIDS[name], doses.plain(factor)) for name, factor in scores.FACTORS.items())
    columns = ("Opioid", "Factor (CDC 2022)")
    if isinstance(found, str):
        return Answer("No number.", found, columns, table)
    return Answer(
        f"{doses.plain(found)} MME a day.",
        "From 50 MME a day, or with a benzodiazepine or a history of substance use, naloxone is offered. Add up all opioids for pain.",
        columns,
        table,
    )


_MME = Calculator(
    "mme",
    "Morphine milligram equivalents (MME)",
    "How much opioid for pain a day amounts to, by the one table of CDC 2022.",
    (
        Field("opioid", "Opioid", choices=OPIOIDS),
        Field(
            "amount",
            "Amount of one dose",
            "mg by mouth; for a fentanyl patch mcg an hour.",
            at_least=Decimal("0.01"),
            at_most=Decimal(2000),
        ),
        Field("times", "Times a day", "1 for a patch.", at_least=Decimal("0.1"), at_most=Decimal(24)),
        Field("for_oud", "Taken for opioid use disorder", choices=_YES_NO),
    ),
    _mme_answer,
    "CDC Clinical Practice Guideline for Prescribing Opioids for Pain (2022).",
    (
        "The factors are for doses by mouth and for the fentanyl patch, not for injections.",
        "An estimate of risk for opioids taken for pain. Never use it to switch from one opioid to another.",
        "Buprenorphine has no number. Doses for opioid use disorder have none.",
        "Other tables differ, older ones too; only this one is used here.",
    ),
    ("CDC2022",),
)


def _qtc_answer(typed: Mapping[str, str]) -> Answer:
    qt, rate = Decimal(typed["qt"].strip()), Decimal(typed["rate"].strip())
    fridericia, bazett = scores.fridericia(qt, rate), scores.bazett(qt, rate)
    if fridericia >= 500:
        adds = "500 ms or more: call cardiology and the prescriber today, add no QT-prolonging medicine, check potassium and magnesium. Do not stop methadone without the prescriber."
    elif fridericia >= 450:
        adds = "450 ms or more: look for another QT-prolonging medicine, check potassium and magnesium, repeat the ECG."
    else:
        adds = "Under 450 ms: repeat the ECG after a QT-prolonging medicine is added."
    return Answer(f"{fridericia} ms by Fridericia, {bazett} ms by Bazett.", adds)


_QTC = Calculator(
    "qtc",
    "QTc (Fridericia and Bazett)",
    "The QT interval corrected for the heart rate.",
    (
        Field("qt", "QT", unit="ms", at_least=Decimal(200), at_most=Decimal(800), whole=True),
        Field("rate", "Heart rate", unit="beats a minute", at_least=Decimal(30), at_most=Decimal(220), whole=True),
    ),
    _qtc_answer,
    "Formulas of Fridericia and of Bazett (1920).",
    (
        "Bazett reads too high with a fast pulse and too low with a slow one; the bands here go by Fridericia.",
        "Not with bundle branch block or pacing without a cardiologist.",
        "The formulas are common knowledge and stand in no source listed here; the sources below are for the bands.",
    ),
    ("CHOU2014", "KRANTZ2009"),
)


def _clearance_answer(typed: Mapping[str, str]) -> Answer:
    weight, female = Decimal(typed["weight"].strip()), typed["sex"] == "female"
    ideal = doses.ideal_weight_kg(Decimal(typed["height"].strip()), female)
    counted = doses.adjusted_weight_kg(weight, ideal) if weight > ideal * Decimal("1.2") else weight
    found = doses.creatinine_clearance(
        int(Decimal(typed["age"].strip())), counted, Decimal(typed["creatinine"].strip()), female
    )
    kind = "adjusted" if counted != weight else "actual"
    return Answer(
        f"{doses.plain(found.quantize(Decimal(1)))} mL/min.",
        f"Counted with {doses.plain(counted.quantize(Decimal('0.1')))} kg ({kind} weight).",
    )


_SEX = Field("sex", "Sex", choices=_SEXES)
_HEIGHT = Field("height", "Height", unit="cm", at_least=Decimal(90), at_most=Decimal(250))
_WEIGHT = Field("weight", "Weight", unit="kg", at_least=Decimal(25), at_most=Decimal(350))
_AGE = Field("age", "Age", unit="years", at_least=Decimal(18), at_most=Decimal(120), whole=True)

_CLEARANCE = Calculator(
    "creatinine-clearance",
    "Creatinine clearance",
    "Kidney function for doses, by Cockcroft and Gault.",
    (
        _AGE,
        _SEX,
        _WEIGHT,
        _HEIGHT,
        Field("creatinine", "Creatinine", unit="mg/dL", at_least=Decimal("0.1"), at_most=Decimal(25)),
    ),
    _clearance_answer,
    "Cockcroft and Gault (1976). The adjusted weight counts when the actual one is over 120 % of the ideal one.",
    (
        "Not while kidney function changes from day to day.",
        "It is not the eGFR; intervals for blood thinners go by this one.",
    ),
    ("ASRA25",),
)


def _ideal_answer(typed: Mapping[str, str]) -> Answer:
    height, female = Decimal(typed["height"].strip()), typed["sex"] == "female"
    ideal = doses.ideal_weight_kg(height, female)
    adjusted = doses.adjusted_weight_kg(Decimal(typed["weight"].strip()), ideal)
    return Answer(
        f"{doses.plain(ideal.quantize(Decimal('0.1')))} kg ideal weight.",
        f"Adjusted weight {doses.plain(adjusted.quantize(Decimal('0.1')))} kg: the ideal one and 40 % of what is above it.",
    )


_IDEAL_WEIGHT = Calculator(
    "ideal-weight",
    "Ideal and adjusted weight",
    "The weight that some doses count with.",
    (_SEX, _HEIGHT, _WEIGHT),
    _ideal_answer,
    "Formula of Devine (1974).",
    ("Under 5 feet (152 cm) the formula is not defined; its base weight is given.",),
    ("LADOSE",),
)


def _local_anesthetic(catalog: Catalog) -> Calculator:
    def answer(typed: Mapping[str, str]) -> Answer:
        weight, height = Decimal(typed["weight"].strip()), Decimal(typed["height"].strip())
        ideal = doses.ideal_weight_kg(height, typed["sex"] == "female")
        bmi = weight / (height / 100) ** 2
        counted, is_ideal = dosing_weight_kg(
            {"patient.weight_kg": float(weight), "patient.bmi": float(bmi), "patient.ideal_weight_kg": float(ideal)}
        )
        reduced = typed["reduced"] == "yes"
        rows = []
        for drug in catalog.local_anesthetics.values():
            for with_epinephrine, name in ((False, "plain"), (True, "with epinephrine")):
                stated = (
                    drug.epinephrine_mg_per_kg if with_epinephrine else (drug.plain_mg_per_kg or drug.plain_most_mg)
                )
                limit = None
                if stated is not None and counted is not None:
                    limit = drug_limit_mg(drug, counted, reduced, with_epinephrine)
                if limit is not None:
                    volumes = (
                        f"{words.number(one)} %: {doses.plain(doses.milliliters(limit, one))}" for one in drug.percents
                    )
                    mark = " †" if drug.evidence == "unverified" else ""
                    rows.append((f"{drug.label}, {name}{mark}", f"{doses.plain(limit)} mg", "; ".join(volumes)))
        kind = "ideal" if is_ideal else "actual"
        return Answer(
            f"Counted with {words.number(counted or weight)} kg ({kind} weight){', 30 % less' if reduced else ''}.",
            "One limit for one person in 24 hours: the shares of all drugs and routes add up to one whole.",
            ("Drug", "At most", "mL of each concentration"),
            tuple(rows),
        )

    return Calculator(
        "local-anesthetic",
        "Local anesthetic maximum",
        "The most of one local anesthetic alone, for this weight.",
        (
            _SEX,
            _HEIGHT,
            _WEIGHT,
            Field(
                "reduced",
                "65 or over, frail, heart, liver or kidney disease, pregnant, or malnourished",
                choices=_YES_NO,
            ),
        ),
        answer,
        "The limits and their sources stand with each drug in every plan.",
        (
            "The most of one drug alone; what is given of another takes its share.",
            "The site of injection changes how much reaches the blood. Have lipid emulsion in the room.",
        ),
        ("LADOSE", "NAROPIN"),
    )
