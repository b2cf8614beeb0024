"""A brand stands in every class of other medicines that one of its ingredients belongs to.

A brand that only one class knows is the worst case: it is no unknown name any more, and the other classes stay silent.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from real_plans import NOW, REAL, person

from planner.case import DEFAULT_TIME_ZONE, read_case
from planner.facts.health import medicine_classes

# What is on the label of a product, by its generic names.
INGREDIENTS = {
    # several ingredients
    "Percocet": "oxycodone acetaminophen", "Endocet": "oxycodone acetaminophen", "Roxicet": "oxycodone acetaminophen",
    "Nalocet": "oxycodone acetaminophen", "Primlev": "oxycodone acetaminophen", "Prolate": "oxycodone acetaminophen",
    "Tylox": "oxycodone acetaminophen", "Percodan": "oxycodone aspirin", "Norco": "hydrocodone acetaminophen",
    "Vicodin": "hydrocodone acetaminophen", "Lortab": "hydrocodone acetaminophen", "Lorcet": "hydrocodone acetaminophen",
    "Xodol": "hydrocodone acetaminophen", "Vicoprofen": "hydrocodone ibuprofen", "Reprexain": "hydrocodone ibuprofen",
    "Apadaz": "benzhydrocodone acetaminophen", "Ultracet": "tramadol acetaminophen", "Seglentis": "tramadol celecoxib",
    "Tylenol #3": "codeine acetaminophen", "Trezix": "dihydrocodeine acetaminophen", "Fioricet with codeine": "codeine acetaminophen",
    "Combogesic": "ibuprofen acetaminophen", "Advil Dual Action": "ibuprofen acetaminophen", "Excedrin": "aspirin acetaminophen",
    "Goody’s powder": "aspirin acetaminophen", "Vanquish": "aspirin acetaminophen", "BC powder": "aspirin",
    "Alka-Seltzer Plus": "aspirin acetaminophen", "Consensi": "celecoxib", "Treximet": "naproxen", "Vimovo": "naproxen",
    "Duexis": "ibuprofen famotidine", "Arthrotec": "diclofenac", "Symbravo": "meloxicam", "Norgesic": "orphenadrine aspirin",
    "Aggrenox": "aspirin dipyridamole", "Yosprala": "aspirin", "Librax": "chlordiazepoxide", "Contrave": "naltrexone",
    "Zestoretic": "lisinopril hydrochlorothiazide", "Hyzaar": "losartan hydrochlorothiazide", "Entresto": "sacubitril valsartan",
    "Tarka": "trandolapril verapamil", "Tenoretic": "atenolol chlorthalidone", "Ziac": "bisoprolol hydrochlorothiazide",
    "Vaseretic": "enalapril hydrochlorothiazide", "Tribenzor": "olmesartan hydrochlorothiazide", "Atripla": "efavirenz",
    "Paxlovid": "nirmatrelvir ritonavir", "Prezcobix": "darunavir cobicistat", "Evotaz": "atazanavir cobicistat",
    "Symtuza": "darunavir cobicistat", "Kaletra": "lopinavir ritonavir", "Stribild": "cobicistat", "Genvoya": "cobicistat",
    "Akynzeo": "netupitant", "Nuedexta": "quinidine",
    # one ingredient
    "Nardil": "phenelzine", "Parnate": "tranylcypromine", "Marplan": "isocarboxazid", "Emsam": "selegiline", "Azilect": "rasagiline",
    "Xadago": "safinamide", "Zyvox": "linezolid", "Zelapar": "selegiline", "ProvayBlue": "methylene blue",
    "ASA 81 mg": "aspirin", "Bayer": "aspirin", "Anacin": "aspirin", "Soma": "carisoprodol", "Vanadom": "carisoprodol",
    "Skelaxin": "metaxalone", "Norflex": "orphenadrine", "Lorzone": "chlorzoxazone", "Lioresal": "baclofen", "Gablofen": "baclofen",
    "Amrix": "cyclobenzaprine", "Fexmid": "cyclobenzaprine", "Zanaflex": "tizanidine", "Biaxin": "clarithromycin",
    "Diflucan": "fluconazole", "Vfend": "voriconazole", "Noxafil": "posaconazole", "Sporanox": "itraconazole", "Cipro": "ciprofloxacin",
    "Luvox": "fluvoxamine", "Prezista": "darunavir", "Norvir": "ritonavir", "Reyataz": "atazanavir", "Cardizem": "diltiazem",
    "Calan": "verapamil", "Multaq": "dronedarone", "Neoral": "cyclosporine", "Prograf": "tacrolimus", "Rifadin": "rifampin",
    "Sustiva": "efavirenz", "Carbatrol": "carbamazepine", "Mysoline": "primidone", "Tracleer": "bosentan",
    "St. John’s wort": "st john's wort", "Depo-Provera": "medroxyprogesterone", "Implanon": "etonogestrel",
    "Ortho Tri-Cyclen": "norgestimate", "Arixtra": "fondaparinux", "Fragmin": "dalteparin", "Persantine": "dipyridamole",
    "Pletal": "cilostazol", "Trental": "pentoxifylline", "Lithobid": "lithium", "Trexall": "methotrexate", "MTX": "methotrexate",
    "Medrol": "methylprednisolone", "Decadron": "dexamethasone", "Zestril": "lisinopril", "Cozaar": "losartan", "Diovan": "valsartan",
    "Pristiq": "desvenlafaxine", "Trintellix": "vortioxetine", "Viibryd": "vilazodone", "Cymbalta": "duloxetine",
    "Restoril": "temazepam", "Halcion": "triazolam", "Librium": "chlordiazepoxide", "Sonata": "zaleplon", "Belsomra": "suvorexant",
    "Anaprox": "naproxen", "Cataflam": "diclofenac", "Zipsor": "diclofenac", "Clinoril": "sulindac", "Dolobid": "diflunisal",
    "Pennsaid": "diclofenac", "Midol IB": "ibuprofen", "Toradol": "ketorolac", "Sprix": "ketorolac", "Celebrex": "celecoxib",
    "Ultram": "tramadol", "ConZip": "tramadol", "Nucynta": "tapentadol", "Demerol": "meperidine", "Dilaudid": "hydromorphone",
    "OxyContin": "oxycodone", "MS Contin": "morphine", "Duragesic": "fentanyl", "Journavx": "suzetrigine", "Lyrica": "pregabalin",
    "Neurontin": "gabapentin", "Coumadin": "warfarin", "Catapres": "clonidine", "Kapvay": "clonidine", "Pacerone": "amiodarone",
    "Zithromax": "azithromycin", "Levaquin": "levofloxacin", "Lucemyra": "lofexidine", "Coreg": "carvedilol", "Lasix": "furosemide",
    "Tikosyn": "dofetilide", "Betapace": "sotalol", "Rythmol": "propafenone", "Tambocor": "flecainide", "Bactrim": "sulfamethoxazole",
    "Cordarone": "amiodarone", "Tagamet": "cimetidine", "Nizoral": "ketoconazole",
}  # fmt: skip

# Names that people type and that are no product of one medicine.
EVERYDAY = {
    "birth control": "progestin", "the pill": "progestin", "vaginal ring": "progestin", "baby aspirin": "aspirin",
    "Mucinex Fast-Max": "acetaminophen_product", "Coricidin": "acetaminophen_product", "Percogesic": "acetaminophen_product",
    "Sudafed PE": "acetaminophen_product", "Vicks": "acetaminophen_product", "budesonide": "corticosteroid",
}  # fmt: skip


def classes(*typed: str) -> set[str]:
    """Return the classes that the typed medicines belong to."""
    now = datetime.fromisoformat(NOW).replace(tzinfo=ZoneInfo(DEFAULT_TIME_ZONE))
    case = read_case(person(health={"medicines": list(typed)}), REAL.catalog, now)
    return {name for name, taken in medicine_classes(case, REAL.catalog.medicines).items() if taken}


@pytest.mark.parametrize("brand", INGREDIENTS)
def test_a_brand_is_in_every_class_of_its_ingredients(brand: str) -> None:
    ingredients = INGREDIENTS[brand]
    by_ingredient = classes(ingredients)
    assert by_ingredient, f"no class knows {ingredients}"
    assert by_ingredient - classes(brand) == set(), "classes that know the ingredient and not the brand"


@pytest.mark.parametrize("name", EVERYDAY)
def test_an_everyday_name_is_known(name: str) -> None:
    assert EVERYDAY[name] in classes(name)


@pytest.mark.parametrize("name", ["Depo-Medrol", "prilocaine cream", "somatropin", "Ambien was stopped"])
def test_names_match_as_whole_words(name: str) -> None:
    assert not classes(name) & {"progestin", "ace_inhibitor_or_arb", "carisoprodol"}


def test_every_inhibitor_of_cyp3a_slows_methadone_too() -> None:
    catalog = REAL.catalog.medicines
    graded = {*catalog["cyp3a_inhibitor_strong"].names, *catalog["cyp3a_inhibitor_moderate"].names}
    assert graded - set(catalog["cyp3a_inhibitor"].names) == set()


def test_the_two_lists_of_nsaids_differ_by_ketorolac_alone() -> None:
    catalog = REAL.catalog.medicines
    more = set(catalog["nsaid_at_home"].names) - set(catalog["nsaid_besides_ketorolac"].names)
    assert more == {"ketorolac", "sprix", "toradol"}
    assert set(catalog["nsaid_besides_ketorolac"].names) <= set(catalog["nsaid_at_home"].names)
