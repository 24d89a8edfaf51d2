"""Who gives the figures and the status of an indication, where a second reading settled it."""

import pytest

from tests.strategies import shipped


def test_the_days_of_red_cell_aplasia_are_read_in_a_guideline():
    # American Society of Transplantation 2019: 0.4 g/kg a day for 5 days, or 2 to 4 days as long as the total is 2 g/kg
    entry = shipped().indications["prca"]
    assert {"ast-b19", "ast-b19-abstract", "au-prca"} <= set(entry.regimen_sources["full-dose-divided"])
    assert "secondary source" not in entry.note
    assert "not routinely" in entry.note
    days = shipped().regimens["full-dose-divided"].days
    assert (days.low, days.high) == (2, 5)


# The monograph's own lists, read on 25 November 2026
STATED = ["adem", "gbs", "hdn", "mis-c", "mg", "pemphigus", "ptp"]
INFERRED = [
    *(
        "pemphigoid",
        "aiha",
        "transplant-amr",
        "transplant-desensitisation",
        "irae",
        "enterovirus",
        "sid",
        "tss",
        "prca",
    ),
    *("sps", "lems", "cmv-pneumonitis", "fnait", "nait-newborn", "acquired-haemophilia", "rrms"),
]


@pytest.mark.parametrize("indication", STATED)
def test_an_off_label_status_that_the_monograph_prints_is_no_inference(indication):
    status = shipped().indications[indication].status["us-fda"]
    assert "off-label" in status.status
    assert "inferred" not in status.status


@pytest.mark.parametrize("indication", INFERRED)
def test_an_off_label_status_that_is_on_neither_list_says_that_it_is_inferred(indication):
    assert "inferred" in shipped().indications[indication].status["us-fda"].status


def test_measles_prophylaxis_stands_in_the_labelled_list_of_the_monograph():
    status = shipped().indications["measles-pep"].status["us-fda"]
    assert "labelled list" in status.note
    assert "elsevier-igiv-2024" in status.sources


def test_one_page_read_on_two_dates_is_one_source():
    source = shipped().sources["elsevier-igiv-2024"]
    assert "6 February" in source.title
    assert "12 October 2024" in source.title
