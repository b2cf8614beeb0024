"""Every question the program asks, declared once, in the order it is asked.

The limits on numbers catch slips of the keyboard; they are not dosing advice.
"""

from __future__ import annotations

from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from planner import choices
from planner.case.declare import Answers, ask, one_of, some_of, some_text
from planner.inputs import Day, LongText, Moment, Number, ShortText, Whole, YesNo, plain_text

DEFAULT_TIME_ZONE = "America/New_York"

Kind = Annotated[Literal["scheduled", "urgent", "emergency", "standing"], BeforeValidator(one_of(choices.KINDS))]


class Colleague(Answers):
    """Somebody by name and number."""

    name: ShortText = ask("Name")
    phone: ShortText = ask("Telephone", "Put the number in quotation marks in a file.")


class Person(Colleague):
    """Somebody to call, and what kind of practice it is."""

    kind: Annotated[str | None, BeforeValidator(one_of(choices.PRESCRIBER_KINDS))] = ask(
        "Kind of practice", choices=choices.PRESCRIBER_KINDS
    )


class Patient(Answers):
    """Who the plan is for."""

    name: ShortText = ask("Name")
    birth_date: Day = ask("Date of birth")
    sex: Annotated[str | None, BeforeValidator(one_of(choices.SEXES))] = ask(
        "Sex", "As the kidney-function formula needs it.", choices=choices.SEXES
    )
    mrn: ShortText = ask("Medical record number", "Put it in quotation marks in a file.")
    weight_kg: Number = ask("Weight", unit="kg", at_least=25, at_most=350)
    height_cm: Number = ask("Height", unit="cm", at_least=90, at_most=250)
    language: Annotated[str | None, BeforeValidator(one_of(choices.LANGUAGES))] = ask(
        "Language for the patient sheet", choices=choices.LANGUAGES, default="en"
    )
    pregnant: YesNo = ask("Pregnant")
    pregnancy_weeks: Whole = ask(
        "Weeks of pregnancy",
        "Completed weeks today; the plan counts on to surgery.",
        unit="weeks",
        at_least=0,
        at_most=44,
    )
    postpartum: YesNo = ask("Gave birth within the last 12 weeks")
    breastfeeding: YesNo = ask("Breastfeeding")
    allergies: Annotated[list[str] | None, BeforeValidator(some_text)] = ask(
        "Allergies and reactions", "Choose from the list or type a name.", choices=choices.ALLERGIES
    )


class Recovery(Answers):
    """Where the person is in recovery, and what they wish."""

    status: Annotated[str | None, BeforeValidator(one_of(choices.RECOVERY_STATUSES))] = ask(
        "Recovery status", choices=choices.RECOVERY_STATUSES
    )
    since: Day = ask("In recovery since", "First day of the present recovery.")
    program: Annotated[str | None, BeforeValidator(one_of(choices.PROGRAMS))] = ask("Program", choices=choices.PROGRAMS)
    substances: Annotated[list[str] | None, BeforeValidator(some_of(choices.SUBSTANCES))] = ask(
        "Substances, now or before", choices=choices.SUBSTANCES
    )
    last_opioid_use: Day = ask("Last opioid use outside treatment")
    overdose_history: YesNo = ask("Has had an overdose")
    wishes: Annotated[str | None, BeforeValidator(one_of(choices.WISHES))] = ask(
        "The person's own wish about opioids", choices=choices.WISHES
    )
    naloxone_at_home: YesNo = ask(
        "Naloxone or nalmefene rescue at home",
        "A rescue spray or injection. Buprenorphine/naloxone does not count.",
    )
    support_person: Person | None = ask("Support person")
    practical_needs: Annotated[list[str] | None, BeforeValidator(some_of(choices.PRACTICAL_NEEDS))] = ask(
        "Help needed with", choices=choices.PRACTICAL_NEEDS
    )


class Verification(Answers):
    """The call to the clinic that dispenses, before the first dose in hospital."""

    by: ShortText = ask("Who called")
    with_whom: ShortText = ask("Who answered")
    at: Moment = ask("When")
    dose_mg: Number = ask("Dose confirmed", unit="mg a day", at_least=0.1, at_most=1000)
    last_observed_dose_at: Moment = ask("Last dose seen taken")
    last_observed_dose_mg: Number = ask("Amount of that dose", unit="mg", at_least=0.1, at_most=1000)
    take_homes: Whole = ask("Take-home doses in hand", unit="doses", at_least=0, at_most=60)
    missed_in_last_7_days: Whole = ask("Doses missed in the last 7 days", unit="doses", at_least=0, at_most=7)


class HoldChoice(Answers):
    """A clinician's documented choice to hold buprenorphine or methadone."""

    clinician: ShortText = ask("Clinician who decides")
    reason: LongText = ask("Reason")
    prescriber_contacted: YesNo = ask("Prescriber or OTP contacted")
    patient_agrees: YesNo = ask("The person agrees")
    restart_by: ShortText = ask("Who restarts it")
    restart_on: Day = ask("Planned restart date")


class MoudEntry(Answers):
    """One medication for addiction, or one medicine that blocks or replaces opioids."""

    product: Annotated[str, BeforeValidator(plain_text)] = ask(
        "Product", "Choose the product, not only the drug.", default=...
    )
    product_name: ShortText = ask("Name as typed", "When the product is not in the list.")
    indication: Annotated[str | None, BeforeValidator(one_of(choices.INDICATIONS))] = ask(
        "Taken for", choices=choices.INDICATIONS
    )
    dose_mg: Number = ask(
        "Dose",
        "Total mg in one day; for an injection or implant, mg of the last one.",
        unit="mg",
        at_least=0.1,
        at_most=2000,
    )
    dose_mcg: Number = ask(
        "Dose in micrograms", "Belbuca: mcg of one dose. Patch: mcg an hour.", unit="mcg", at_least=1, at_most=2000
    )
    times_per_day: Whole = ask("Times a day", unit="times", at_least=1, at_most=8)
    last_dose_at: Moment = ask(
        "Last dose", "Date and time of the last dose taken, or of the last dose planned before surgery."
    )
    last_injection_on: Day = ask("Last injection or implant", "Date of the last injection, or of the implant.")
    next_due_on: Day = ask("Next injection due")
    injections_received: Whole = ask("Injections so far", unit="injections", at_least=1, at_most=400)
    prescriber: Person | None = ask("Prescriber or program")
    verified: YesNo = ask("Dose confirmed with the prescriber, OTP or pharmacy")
    verification: Verification | None = ask("The confirming call")
    hold_hours: Whole = ask(
        "Hours to hold before surgery",
        "Naltrexone only; 72 unless you choose longer.",
        unit="h",
        at_least=24,
        at_most=240,
    )
    hold_choice: HoldChoice | None = ask("Documented choice to hold")


class LocalAnestheticGiven(Answers):
    """One local anesthetic that was given or is planned; all of them share one limit in 24 hours."""

    drug: Annotated[str | None, BeforeValidator(one_of(choices.LOCAL_ANESTHETICS))] = ask(
        "Local anesthetic", choices=choices.LOCAL_ANESTHETICS
    )
    percent: Number = ask("Concentration", unit="%", at_least=0.01, at_most=10)
    volume_ml: Number = ask("Volume", unit="mL", at_least=0.1, at_most=500)
    mg: Number = ask("Or the amount in mg", unit="mg", at_least=0.1, at_most=5000)
    patches: Whole = ask("Number of patches", "For a lidocaine 5 % skin patch.", unit="patches", at_least=1, at_most=6)
    with_epinephrine: YesNo = ask("With epinephrine")
    route: Annotated[str | None, BeforeValidator(one_of(choices.LOCAL_ANESTHETIC_ROUTES))] = ask(
        "Route", choices=choices.LOCAL_ANESTHETIC_ROUTES
    )
    site: ShortText = ask("Site", "Such as left adductor canal.")
    at: Moment = ask("When", "Given or planned; what lies 24 hours before surgery no longer counts.")


class Surgery(Answers):
    """The planned operation."""

    procedure: ShortText = ask("Operation", "Choose from the list, or use “other” and type its name.")
    procedure_text: ShortText = ask("Operation as typed")
    variant: ShortText = ask("Kind or approach", "When the operation has several, such as open or laparoscopic.")
    both_sides: YesNo = ask("Both sides in one session")
    body_region: Annotated[str | None, BeforeValidator(one_of(choices.BODY_REGIONS))] = ask(
        "Body region", choices=choices.BODY_REGIONS
    )
    expected_pain: Annotated[str | None, BeforeValidator(one_of(choices.EXPECTED_PAIN))] = ask(
        "Pain expected without treatment", "Overrides the value for the operation.", choices=choices.EXPECTED_PAIN
    )
    at: Moment = ask("Date and time of surgery", "In the clinic's own time.")
    setting: Annotated[str | None, BeforeValidator(one_of(choices.SETTINGS))] = ask("Stay", choices=choices.SETTINGS)
    time_zone: ShortText = ask("Time zone of the clinic", "A name such as America/Chicago.", default=DEFAULT_TIME_ZONE)
    regional_refused: YesNo = ask("The person declines regional anesthesia")
    local_anesthetics: list[LocalAnestheticGiven] | None = ask(
        "Local anesthetic given or planned",
        "By surgeon or anesthesiologist: wound, block, epidural, patch and vein share one limit.",
    )


class Opioids(Answers):
    """Opioids planned or given around this operation; the naltrexone restart is counted from the last one."""

    planned: YesNo = ask("Opioids planned after surgery")
    home_supply: YesNo = ask("Opioids planned at home")
    last_dose_at: Moment = ask("Last opioid dose", "Fill in when known; the restart dates move with it.")
    last_dose_kind: Annotated[str | None, BeforeValidator(one_of(choices.OPIOID_KINDS))] = ask(
        "Kind of the last opioid", choices=choices.OPIOID_KINDS
    )
    pdmp_checked_on: Day = ask("PDMP checked")
    home_prescriber: Colleague | None = ask("The one prescriber of opioids")
    home_opioid: ShortText = ask("Opioid at home", "Short-acting, with its strength, such as oxycodone 5 mg.")
    home_quantity: Whole = ask("Tablets that go home", unit="tablets", at_least=0, at_most=120)
    home_stop_on: Day = ask("Stop date of the opioid at home")
    dispensing: Annotated[str | None, BeforeValidator(one_of(choices.DISPENSING))] = ask(
        "Dispensed", choices=choices.DISPENSING
    )
    tablets_held_by: ShortText = ask("Who holds the tablets")
    lockbox: YesNo = ask("Lockbox at home")
    disposal_at: ShortText = ask("Where leftover tablets go", "A take-back place nearby.")
    state: Annotated[str | None, BeforeValidator(one_of(choices.STATES))] = ask(
        "State of the prescription", choices=choices.STATES
    )


class GoingHome(Answers):
    """The day of going home and the clinic that gives the next dose; no day must be without MOUD."""

    discharge_on: Day = ask("Expected day of going home")
    clinic_open: Annotated[list[str] | None, BeforeValidator(some_of(choices.WEEKDAYS))] = ask(
        "Days on which the prescriber or OTP is open", choices=choices.WEEKDAYS
    )
    supply_days: Whole = ask(
        "Medication in hand after going home",
        "Days of buprenorphine or take-home methadone that are certain.",
        unit="days",
        at_least=0,
        at_most=60,
    )


class Labs(Answers):
    """Laboratory values, in US units."""

    egfr: Number = ask("eGFR", unit="mL/min/1.73 m²", at_least=1, at_most=200)
    creatinine_mg_dl: Number = ask("Creatinine", unit="mg/dL", at_least=0.1, at_most=25)
    platelets: Number = ask("Platelets", unit="thousand per mcL", at_least=1, at_most=2000)
    inr: Number = ask("INR", at_least=0.5, at_most=20)
    qtc_ms: Number = ask("QTc", "From an ECG of the last 30 days.", unit="ms", at_least=250, at_most=800)
    qtc_earlier_ms: Number = ask(
        "QTc before, for comparison", "From the ECG before that one.", unit="ms", at_least=250, at_most=800
    )
    ast_alt_x_uln: Number = ask(
        "AST or ALT", "As a multiple of the upper limit of normal.", unit="× upper limit", at_least=0.1, at_most=200
    )
    coagulation_normal: YesNo = ask(
        "Clotting tests normal", "aPTT or anti-Xa under heparin; fibrinogen after a clot-dissolving medicine."
    )
    platelet_function_normal: YesNo = ask("Platelet function test normal")
    urine_opioids_negative: YesNo = ask(
        "Urine screen negative for opioids", "Oxycodone, methadone, buprenorphine and fentanyl included."
    )


class Anticoagulant(Answers):
    """One medicine against clotting."""

    drug: ShortText = ask("Medicine")
    dose: ShortText = ask("Dose", "As written, such as 5 mg twice daily.")
    dose_class: Annotated[str | None, BeforeValidator(one_of(choices.ANTITHROMBOTIC_DOSES))] = ask(
        "Low or high dose", "Only when the dose as written does not tell.", choices=choices.ANTITHROMBOTIC_DOSES
    )
    indication: Annotated[str | None, BeforeValidator(one_of(choices.ANTITHROMBOTIC_REASONS))] = ask(
        "Taken for", choices=choices.ANTITHROMBOTIC_REASONS
    )
    last_dose_at: Moment = ask("Last dose", "Taken, or the last one planned before surgery.")
    starts_after_surgery: YesNo = ask("Not taken yet; it starts only after surgery")
    days_taken: Whole = ask("Days taken so far", "Heparin and its relatives.", unit="days", at_least=0, at_most=365)
    loading_dose: YesNo = ask("A loading dose is planned", "Clopidogrel, prasugrel, ticagrelor.")
    anti_xa: Number = ask("Anti-Xa before the needle", unit="IU/mL", at_least=0, at_most=10)
    level_ng_ml: Number = ask("Drug level before the needle", unit="ng/mL", at_least=0, at_most=5000)
    restart_at: Moment = ask("First dose planned after surgery")


class Health(Answers):
    """The rest of the person's health."""

    conditions: Annotated[list[str] | None, BeforeValidator(some_of(choices.CONDITIONS))] = ask(
        "Conditions", choices=choices.CONDITIONS
    )
    labs: Labs = Field(default_factory=Labs, title="Laboratory values")
    child_pugh: Annotated[str | None, BeforeValidator(one_of(choices.CHILD_PUGH))] = ask(
        "Cirrhosis", choices=choices.CHILD_PUGH
    )
    anticoagulants: list[Anticoagulant] | None = ask("Medicines against clotting")
    medicines: Annotated[list[str] | None, BeforeValidator(some_text)] = ask(
        "Other medicines", "Generic names; over-the-counter ones too."
    )
    acetaminophen_mg_at_home: Number = ask(
        "Acetaminophen already taken",
        "In 24 hours, cold remedies and combination tablets included.",
        unit="mg",
        at_least=0,
        at_most=30000,
    )
    ketorolac_days_used: Whole = ask(
        "Days of ketorolac already given", "By any route.", unit="days", at_least=0, at_most=60
    )
    suzetrigine_days_used: Whole = ask("Days of suzetrigine already taken", unit="days", at_least=0, at_most=60)
    alcohol_drinks_per_day: Number = ask("Alcohol", unit="drinks a day", at_least=0, at_most=60)
    notes: LongText = ask("Notes", "Printed on the plan as written; no rule reads them.")


class Team(Answers):
    """Who takes which role for this person."""

    surgeon: Colleague | None = ask(choices.TEAM_ROLES["surgeon"])
    anesthesiologist: Colleague | None = ask(choices.TEAM_ROLES["anesthesiologist"])
    pain_service: Colleague | None = ask(choices.TEAM_ROLES["pain_service"])
    addiction_specialist: Colleague | None = ask(choices.TEAM_ROLES["addiction_specialist"])
    pain_medicine: Colleague | None = ask(choices.TEAM_ROLES["pain_medicine"])
    pharmacist: Colleague | None = ask(choices.TEAM_ROLES["pharmacist"])
    nursing: Colleague | None = ask(choices.TEAM_ROLES["nursing"])
    primary_care: Colleague | None = ask(choices.TEAM_ROLES["primary_care"])
    peer_support: Colleague | None = ask(choices.TEAM_ROLES["peer_support"])
    social_work: Colleague | None = ask(choices.TEAM_ROLES["social_work"])
    obstetrics_and_neonatal: Colleague | None = ask(choices.TEAM_ROLES["obstetrics_and_neonatal"])
    cardiology: Colleague | None = ask(choices.TEAM_ROLES["cardiology"])
    psychiatry: Colleague | None = ask(choices.TEAM_ROLES["psychiatry"])


class Case(Answers):
    """Everything that was said about one person and one operation."""

    kind: Kind = ask("Kind of plan", choices=choices.KINDS, default="scheduled")
    patient: Patient = Field(default_factory=Patient, title="Person")
    recovery: Recovery = Field(default_factory=Recovery, title="Recovery")
    moud: list[MoudEntry] | None = ask(
        "Medication for addiction (MAT / MOUD)", "An empty list means that the person takes none."
    )
    surgery: Surgery = Field(default_factory=Surgery, title="Operation")
    opioids: Opioids = Field(default_factory=Opioids, title="Opioids around the operation")
    going_home: GoingHome = Field(default_factory=GoingHome, title="Going home")
    health: Health = Field(default_factory=Health, title="Health")
    team: Team = Field(default_factory=Team, title="Team")

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.surgery.time_zone or DEFAULT_TIME_ZONE)
