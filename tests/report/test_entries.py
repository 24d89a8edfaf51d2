"""`list` and `show` over the shipped catalogue: every entry can be read, with its sources, and as JSON."""

import json
import re
from decimal import Decimal

import pytest

from ivig_dose.catalogue.loader import load_catalogue
from ivig_dose.catalogue.models import Bounds, Catalogue, CatalogueFile, Condition, PatientCondition
from ivig_dose.report.as_json import dump
from ivig_dose.report.entries import SECTIONS, all_sources_of, entries_of, entry_document, list_document
from ivig_dose.report.tables.conditions import describe_bounds, describe_condition, describe_patient
from ivig_dose.report.tables.entries import lay_out_entry, lay_out_list
from tests.report.printing import write_plain


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.mark.parametrize("section", SECTIONS)
def test_every_entry_is_listed_with_id_title_and_sources(section: str, catalogue: Catalogue) -> None:
    entries = entries_of(catalogue, section)
    documents = json.loads(dump(list_document(entries)))
    assert [list(each) for each in documents] == [["id", "title", "sources"]] * len(entries)
    text = write_plain(lay_out_list(entries), 10_000)
    for each in documents:
        assert f"{each['id']} " in text
        assert each["title"] in text
    assert section in {"sources", "risks"} or all(each["sources"] for each in documents)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_entry_can_be_shown_and_names_its_sources_in_full(section: str, catalogue: Catalogue) -> None:
    for entry in entries_of(catalogue, section):
        text = write_plain(lay_out_entry(entry, catalogue), 10_000)
        assert text.splitlines()[0].endswith(f" [{entry.id}]")
        for source_id in all_sources_of(entry):
            source = catalogue.sources[source_id]
            assert f"{source_id}: {source.title}; " in text
            assert source.url is None or source.url in text
        assert json.loads(dump(entry_document(entry)))["id"] == entry.id


def test_a_regimen_reads_as_a_person_would_want(catalogue: Catalogue) -> None:
    file = CatalogueFile("site.yaml", "7", "f" * 64)
    text = write_plain(lay_out_entry(catalogue.regimens["itp-daily"], catalogue, file), 200)
    assert "Dose            0.4 g/kg a day\n" in text
    assert "Days            2 to 5 days, default 5 days\n" in text
    assert "Used for        itp\n" in text
    assert "File            site.yaml, version 7, sha256 ffffffffffff\n" in text


def test_the_infusion_hours_of_the_single_infusion_are_shown(catalogue: Catalogue) -> None:
    text = write_plain(lay_out_entry(catalogue.regimens["high-dose-single"], catalogue), 200)
    assert "over 10 to 12 h" in text


def test_the_default_regimen_of_an_indication_is_marked(catalogue: Catalogue) -> None:
    text = write_plain(lay_out_entry(catalogue.indications["kawasaki"], catalogue), 300)
    assert "high-dose-single (default): High dose, 2 g/kg as one infusion over 10 to 12 hours [" in text


def test_a_product_shows_vials_and_the_rates_that_its_label_prints(catalogue: Catalogue) -> None:
    text = write_plain(lay_out_entry(catalogue.products["privigen-us"], catalogue), 500)
    assert "5 g in 50 mL, 10 g in 100 mL, 20 g in 200 mL, 40 g in 400 mL" in text
    assert "start 0.5 mg/kg/min" in text


def test_json_of_an_entry_has_the_keys_of_the_file(catalogue: Catalogue) -> None:
    document = json.loads(dump(entry_document(catalogue.regimens["itp-daily"])), parse_float=Decimal)
    assert document["g_per_kg"] == {"low": Decimal("0.4"), "high": Decimal("0.4"), "default": Decimal("0.4")}
    assert document["days"] == {"low": 2, "high": 5, "default": 5}
    assert document["interval"] is None


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        (Bounds(at_least=Decimal(18)), "at least 18 years"),
        (Bounds(over=Decimal(2), at_most=Decimal("65.0")), "over 2 years and at most 65 years"),
        (Bounds(under=Decimal("152.4")), "under 152.4 years"),
    ],
)
def test_bounds_say_whether_the_limit_is_inside(bounds: Bounds, text: str) -> None:
    assert describe_bounds(bounds, "years") == text


def test_conditions_in_words() -> None:
    patient = PatientCondition(
        bmi=Bounds(over=Decimal(30)), weight_over_kg={"M": Decimal(50), "F": Decimal("45.5")}, pregnant=False
    )
    assert describe_patient(patient) == (
        "BMI over 30 kg/m2 and weight over 50 kg for men and weight over 45.5 kg for women and not pregnant"
    )
    condition = Condition(
        course_g_per_kg=Bounds(at_least=Decimal(2)),
        any_of=(
            Condition(blood_group=("A", "B")),
            Condition(risks_any=("diabetes",), age_years=Bounds(over=Decimal(65))),
        ),
    )
    assert describe_condition(condition) == (
        "course at least 2 g/kg; and (blood group A, B; or any risk of diabetes; and age over 65 years)"
    )


def test_a_list_of_rules_begins_with_the_level(catalogue: Catalogue) -> None:
    text = write_plain(lay_out_list(list(catalogue.safety.values())), 300)
    assert re.search(r"^iga-antibodies-stop +stop: ", text, re.M)
    assert re.search(r"^thrombosis +warning: ", text, re.M)


def test_printed_units_that_disagree_are_named_with_the_one_that_counts(catalogue: Catalogue) -> None:
    # Octagam 5 %: 3.33 mg/kg/min is 3.33 x 60 / 50 = 3.996 mL/kg/h, and 0.07 mL/kg/min is 4.2 mL/kg/h
    text = write_plain(lay_out_entry(catalogue.products["octagam-5-us"], catalogue), 400)
    assert "at most 3.33 mg/kg/min or 0.07 mL/kg/min, which differ: the lower counts, 3.996 mL/kg/h" in text
    # Privigen 10 %: 0.5 mg/kg/min is 0.5 x 60 / 100 = 0.3 mL/kg/h, as 0.005 mL/kg/min is
    text = write_plain(lay_out_entry(catalogue.products["privigen-us"], catalogue), 400)
    assert "start 0.5 mg/kg/min = 0.005 mL/kg/min = 0.3 mL/kg/h; at most" in text


def test_figures_that_no_source_prints_are_named(catalogue: Catalogue) -> None:
    text = write_plain(lay_out_entry(catalogue.regimens["high-dose-divided"], catalogue), 200)
    assert "chosen here, not printed in a source: default g/kg, default days\n" in text
