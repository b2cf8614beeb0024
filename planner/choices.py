"""The answers that a question with fixed choices accepts: id as stored, label as read."""

from __future__ import annotations

KINDS = {
    "scheduled": "Scheduled operation",
    "urgent": "Urgent operation (within days)",
    "emergency": "Emergency operation (within hours)",
    "standing": "No operation planned: a standing plan for a severe injury",
}

SEXES = {"female": "Female", "male": "Male", "intersex": "Intersex"}

LANGUAGES = {"en": "English", "es": "Spanish"}

RECOVERY_STATUSES = {
    "sustained_remission": "Sustained remission (12 months or longer)",
    "early_remission": "Early remission (3 to 12 months)",
    "under_3_months": "In recovery for less than 3 months",
    "recent_return_to_use": "Returned to use within the last 30 days",
    "active_use": "Using now",
}

PROGRAMS = {
    "none": "No program",
    "long_term_residential": "Long-term residential (6 to 12 months)",
    "short_term_residential": "Short-term residential (3 to 6 weeks)",
    "day_program": "Day program",
    "intensive_outpatient": "Intensive outpatient program",
    "continuing_care_group": "Continuing-care group (such as Narcotics Anonymous)",
    "otp": "Opioid treatment program (OTP)",
}

SUBSTANCES = {
    "heroin": "Heroin",
    "fentanyl": "Fentanyl or other high-potency synthetic opioids",
    "prescription_opioids": "Prescription opioids",
    "methadone_not_prescribed": "Methadone that was not prescribed",
    "alcohol": "Alcohol",
    "benzodiazepines": "Benzodiazepines or sedatives",
    "stimulants": "Stimulants (cocaine, methamphetamine)",
    "gabapentinoids": "Gabapentin or pregabalin",
    "ketamine_or_pcp": "Ketamine, PCP or hallucinogens",
    "cannabis": "Cannabis",
    "tobacco": "Tobacco or nicotine",
    "xylazine_or_medetomidine": "Supply with xylazine or medetomidine",
}

WISHES = {
    "no_opioids": "Wishes no opioids at all",
    "no_mood_altering": "Wishes no medicine that alters mood, opioids included",
    "opioid_sparing": "Wishes as few opioids as possible",
    "no_preference": "No preference stated",
}

INDICATIONS = {
    "oud": "Opioid use disorder",
    "pain": "Pain",
    "aud": "Alcohol use disorder",
    "other": "Another reason",
}

PRESCRIBER_KINDS = {
    "office": "Office-based prescriber",
    "otp": "Opioid treatment program (OTP)",
    "hospital": "Hospital or bridge clinic",
    "pain_clinic": "Pain clinic",
    "psychiatry": "Psychiatry",
    "primary_care": "Primary care",
    "compounding_pharmacy": "Compounding pharmacy",
    "other": "Other",
}

# Roles of the team, by the subject of their records; the form asks for a name and a telephone number of each.
TEAM_ROLES = {
    "surgeon": "Surgeon",
    "anesthesiologist": "Anesthesiologist",
    "pain_service": "Pain service",
    "addiction_specialist": "Addiction specialist",
    "pain_medicine": "Pain medicine",
    "pharmacist": "Pharmacist",
    "nursing": "Nursing",
    "primary_care": "Primary care",
    "peer_support": "Recovery peer, coach or sponsor",
    "social_work": "Social work",
    "obstetrics_and_neonatal": "Obstetrics and neonatal care",
    "cardiology": "Cardiology",
    "psychiatry": "Psychiatry",
}

PRACTICAL_NEEDS = {
    "housing": "A safe place to live",
    "childcare": "Child care",
    "transport": "Transport",
    "insurance": "Insurance",
}

DISPENSING = {
    "observed": "Each dose under observation",
    "daily": "Every day, with do-not-fill dates",
    "three_days": "Every 3 days",
    "once": "All at once",
}

STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "PR": "Puerto Rico",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}

WEEKDAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}

SETTINGS = {
    "inpatient": "Hospital stay",
    "ambulatory": "Home on the same day",
}

EXPECTED_PAIN = {"mild": "Mild", "moderate": "Moderate", "severe": "Severe"}

BODY_REGIONS = {
    "head_neck": "Head or neck",
    "chest": "Chest or breast",
    "abdomen": "Abdomen or pelvis",
    "spine": "Spine",
    "arm": "Shoulder, arm or hand",
    "leg": "Hip, leg or foot",
}

OPIOID_KINDS = {
    "short_acting": "Short-acting (oxycodone, hydromorphone, morphine, fentanyl given in hospital)",
    "long_acting": "Long-acting (extended-release, methadone, buprenorphine, fentanyl patch)",
}

CHILD_PUGH = {"none": "No cirrhosis", "A": "Child-Pugh A", "B": "Child-Pugh B", "C": "Child-Pugh C"}

ALLERGIES = {
    "nsaid": "Asthma, hives or anaphylaxis after aspirin or an NSAID",
    "acetaminophen": "Acetaminophen",
    "sulfonamide": "Sulfonamide",
    "amide_local_anesthetic": "Amide local anesthetic (lidocaine, bupivacaine, ropivacaine)",
    "ester_local_anesthetic": "Ester local anesthetic (chloroprocaine)",
    "chlorhexidine": "Chlorhexidine",
    "latex": "Latex",
}

# Names as people type them; each counts as the allergy above it.
ALLERGY_SYNONYMS = {
    "nsaid": (
        "nsaid",
        "aspirin",
        "ibuprofen",
        "naproxen",
        "ketorolac",
        "toradol",
        "celecoxib",
        "diclofenac",
        "meloxicam",
        "advil",
        "motrin",
        "aleve",
        "asa",
        "celebrex",
        "mobic",
        "indomethacin",
        "etodolac",
        "nabumetone",
        "bayer",
        "excedrin",
    ),
    "acetaminophen": ("acetaminophen", "paracetamol", "tylenol"),
    "sulfonamide": ("sulfa", "sulfonamide", "sulfamethoxazole", "bactrim", "septra", "tmp-smx", "sulfasalazine"),
    "amide_local_anesthetic": (
        "amide local",
        "lidocaine",
        "bupivacaine",
        "ropivacaine",
        "mepivacaine",
        "prilocaine",
        "articaine",
    ),
    "ester_local_anesthetic": ("ester local", "procaine", "chloroprocaine", "benzocaine", "tetracaine"),
    "chlorhexidine": ("chlorhexidine", "hibiclens"),
    "latex": ("latex",),
}

CONDITIONS = {
    # breathing
    "osa_untreated": "Sleep apnea, not treated",
    "osa_treated": "Sleep apnea, treated (CPAP)",
    "copd": "COPD or other chronic lung disease",
    "home_oxygen": "Oxygen at home",
    "pneumonectomy": "One lung removed (pneumonectomy)",
    "asthma": "Asthma",
    # heart and vessels
    "hypertension": "High blood pressure",
    "uncontrolled_hypertension": "High blood pressure, poorly controlled",
    "hypotension": "Low blood pressure (systolic under 100)",
    "heart_failure": "Heart failure",
    "recent_mi": "Heart attack within 6 months",
    "coronary_disease": "Coronary artery disease",
    "stroke": "Stroke or brain bleed",
    "heart_block": "Heart block or bradycardia",
    "arrhythmia": "Arrhythmia or another conduction disorder",
    "pacemaker": "Pacemaker or defibrillator",
    "long_qt": "Long QT syndrome, earlier QTc over 450 ms or ventricular arrhythmia",
    "syncope": "Unexplained fainting or seizure on methadone",
    "severe_aortic_stenosis": "Severe aortic stenosis",
    "hocm": "Obstructive hypertrophic cardiomyopathy",
    "peripheral_arterial_disease": "Peripheral arterial disease, or a limb with poor blood flow",
    "deep_vein_thrombosis": "Clot in a leg vein now",
    # liver, kidney, gut
    "acute_hepatitis": "Acute hepatitis",
    "liver_failure": "Liver failure",
    "chronic_liver_disease": "Chronic hepatitis or other liver disease",
    "acute_kidney_injury": "Acute kidney injury",
    "dialysis": "Dialysis",
    "kidney_transplant": "Kidney transplant or single kidney",
    "hypovolemia": "Volume depletion or shock",
    "active_gi_bleed": "Active ulcer or gastrointestinal bleeding",
    "gi_ulcer_history": "Earlier ulcer or gastrointestinal bleeding",
    "gastric_bypass": "Gastric bypass, past or planned",
    "sleeve_gastrectomy": "Sleeve gastrectomy or gastric band, past or planned",
    "ileus": "Ileus or bowel obstruction",
    # blood and infection
    "bleeding_disorder": "Bleeding disorder",
    "heparin_thrombocytopenia": "Low platelets from heparin (HIT), now or earlier",
    "clotting_failure": "Acute clotting failure (DIC, HELLP)",
    "untreated_lymphoma": "Lymphoma or leukemia not yet treated",
    "infection_at_block_site": "Infection where a needle would go",
    "sepsis": "Sepsis or bacteremia",
    "fungal_infection": "Fungal infection of the whole body",
    # nerves and mind
    "seizure_disorder": "Seizure disorder",
    "psychosis_or_mania": "Psychosis or mania",
    "depression": "Depression",
    "delirium": "Delirium or dementia",
    "raised_intracranial_pressure": "Raised pressure, or a mass, in the head or spinal canal",
    "glaucoma": "Angle-closure glaucoma or raised eye pressure",
    "spinal_stenosis_or_hardware": "Spinal stenosis, or hardware at the needle level",
    "neuropathy": "Neuropathy or multiple sclerosis",
    "phrenic_palsy_other_side": "Phrenic or vocal-cord palsy on the other side",
    "myasthenia_gravis": "Myasthenia gravis",
    # other
    "chronic_pain": "Chronic pain",
    "compartment_syndrome_risk": "Risk of compartment syndrome",
    "diabetes": "Diabetes",
    "hyperthyroidism": "Overactive thyroid",
    "urinary_retention": "Urinary retention",
    "cold_sensitivity": "Raynaud, hives from cold, or cryoglobulins",
    "malnutrition": "Malnutrition",
    "frailty": "Frailty",
    "mouth_sores": "Mouth sores or very dry mouth",
    "infection_active": "Active infection elsewhere",
}

ANTITHROMBOTIC_DOSES = {"low": "Low (to prevent a clot)", "high": "High (to treat or full dose)"}

ANTITHROMBOTIC_REASONS = {
    "atrial_fibrillation": "Atrial fibrillation",
    "clot": "A clot (DVT or lung embolism)",
    "prevention": "Prevention around surgery or illness",
    "stent": "A stent",
    "valve": "A mechanical heart valve",
    "other": "Another reason",
}

LOCAL_ANESTHETICS = {
    "bupivacaine": "Bupivacaine",
    "ropivacaine": "Ropivacaine",
    "lidocaine": "Lidocaine",
    "mepivacaine": "Mepivacaine",
    "chloroprocaine": "Chloroprocaine",
    "articaine": "Articaine",
    "liposomal_bupivacaine": "Liposomal bupivacaine",
}

LOCAL_ANESTHETIC_ROUTES = {
    "block": "Nerve or plane block",
    "wound": "Wound or joint",
    "epidural": "Epidural",
    "spinal": "Spinal",
    "patch": "Skin patch",
    "vein": "By vein",
}
