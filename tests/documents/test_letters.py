"""Names in many scripts: drawn with a bundled font, or refused with a sentence, never printed as boxes."""

from __future__ import annotations

import pytest
from paper import ROOT, example, pages, tool

from planner.documents import PrintFailed, clinician_pdf, documents, letters
from planner.knowledge.yamlfile import parse

NAMES = {
    "Vietnamese": "Nguyễn Thị Hường",
    "Cyrillic": "Ольга Щербакова",
    "Ukrainian": "Ґалина Їжакевич",
    "Greek": "Γεώργιος Παπαδόπουλος",
    "Polish": "Łucja Żółć",
    "Turkish": "İbrahim Çağlayan Şükrü",
    "Yoruba": "Ọlọ́run Ẹ̀kọ́",
    "Icelandic": "Þórunn Æðelbjörg",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("document", ["clinician", "details", "patient"])
def test_a_name_is_printed_in_its_own_letters(document: str, name: str) -> None:
    case, plan = example("i")
    case["patient"]["name"] = name
    assert letters.check(case, plan) is None
    pdf = documents.make(document, case, plan)
    assert name in pages(pdf)[0]
    assert set(tool("pdffonts", pdf).split()) & {"TrueType"}


@pytest.mark.parametrize("name", ["王小明", "محمد", "राम", "Ana 😀"])
def test_a_name_without_letters_in_the_fonts_is_refused_by_name_of_the_field(name: str) -> None:
    case, plan = example("i")
    case["patient"]["name"] = name
    with pytest.raises(PrintFailed, match=r"^patient\.name: the paper has no letters for"):
        clinician_pdf(case, plan)


def test_every_text_of_the_knowledge_base_can_be_printed() -> None:
    for path in sorted((ROOT / "planner" / "knowledge").rglob("*.yaml")):
        assert letters.check({}, {"records": parse(path.read_text(encoding="utf-8"))}) is None, path.name
