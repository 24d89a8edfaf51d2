"""A row gives the same answer as `dose`, whatever its neighbours have left in memory and however many processes run."""

import csv
import io
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivig_dose.batch.answering import Answerer
from ivig_dose.batch.answers import answer_row
from ivig_dose.batch.forms import answer_cells, answer_document
from ivig_dose.batch.requests import Defaults, RowReader
from ivig_dose.batch.survey import survey_file
from ivig_dose.batch.workers import answer_file
from ivig_dose.core.plan import Planner, describe_origin
from ivig_dose.report.as_csv import csv_line
from tests.strategies import ages_years, heights_cm, shipped, weights_kg

pytestmark = pytest.mark.slow

HEADINGS = (
    "id",
    "indication",
    "weight_kg",
    "height_cm",
    "sex",
    "age_years",
    "regimen",
    "g_per_kg",
    "days",
    "weight_policy",
    "product",
    "risks",
    "blood_group",
    "start",
)
NOTHING = Defaults({}, ())


@st.composite
def files_rows(draw):
    """Cells of the rows of one file: a few orders, each for many patients, as a ward has them; most give a plan."""
    catalogue = shipped()
    orders = []
    for _ in range(draw(st.integers(1, 2))):
        indication = draw(st.sampled_from(list(catalogue.indications)))
        optional = {
            "regimen": st.sampled_from([*catalogue.indications[indication].regimens, "itp-daily"]),
            "g_per_kg": st.sampled_from(["0.4", "1", "2", "20"]),
            "days": st.sampled_from(["1", "2", "5", "9"]),
            "weight_policy": st.sampled_from([*catalogue.weight_policies, "actual", "actual"]),
            "product": st.sampled_from([*catalogue.products, "panziga"]),
            "risks": st.sampled_from([*catalogue.risks, "none", "no-diabetes", "thrombosis-risk first-infusion"]),
        }
        orders.append({"indication": indication, **draw_some(draw, optional)})
    optional = {
        "height_cm": heights_cm().map(str),
        "sex": st.sampled_from(["F", "M", "f", "x"]),
        "age_years": st.one_of(ages_years().map(str), st.sampled_from(["10 days", "18 months", "130"])),
        "blood_group": st.sampled_from(["O", "A", "AB", "ab", "X"]),
        "start": st.sampled_from(["2026-12-01", "2026-12-01T09:00", "2026-02-30"]),
    }
    weights = st.one_of(weights_kg("2", "120").map(str), st.sampled_from(["70 kg", "3200 g", "0.3", "210", "x"]))
    file_rows = []
    for _ in range(draw(st.integers(1, 20))):
        row = {"id": draw(st.sampled_from(["A1", "=x", "-1", "p q", ""])), "weight_kg": draw(weights)}
        row |= draw(st.sampled_from(orders)) | draw_some(draw, optional)
        file_rows.append([row.get(name, "") for name in HEADINGS])
    return file_rows


def draw_some(draw, optional):
    return {name: draw(values) for name, values in optional.items() if draw(st.booleans())}


def lay_out(file_rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    # ids of their own, so that no row is flagged as repeated
    writer.writerows([[row[0] and f"{row[0]}{at}", *row[1:]] for at, row in enumerate(file_rows)])
    return io.BytesIO(text.getvalue().encode())


def answer_one_by_one(file, form, defaults=NOTHING):
    """Every row answered by itself, by the very functions that `dose` calls."""
    file.seek(0)
    file_rows = list(csv.reader(io.TextIOWrapper(io.BytesIO(file.read()), "utf-8", newline="")))[1:]
    survey = survey_file(file, ())
    reader = RowReader(survey.columns, defaults, shipped().products)
    for number, cells in enumerate(file_rows, start=1):
        answer = answer_row(reader.read(number, cells), Planner(shipped()))
        if form == "jsonl":
            yield answer_document(answer, {}, describe_origin(shipped()))
        else:
            yield csv_line(answer_cells(answer, with_orders=False))


def answer_whole(file, form, defaults=NOTHING):
    answerer = Answerer(survey_file(file, ()), defaults, shipped(), None, form)
    return answerer, "".join(portion.text for portion in answer_file(file, answerer, jobs=1))


@settings(max_examples=80)
@given(files_rows())
def test_a_row_of_csv_is_the_line_that_dose_writes(file_rows):
    # the same rows twice: the second time from what was remembered of the first
    file = lay_out([*file_rows, *file_rows])

    _, text = answer_whole(file, "csv")

    assert text == "".join(answer_one_by_one(file, "csv"))


@settings(max_examples=10)
@given(files_rows())
def test_a_row_of_json_lines_is_the_document_that_dose_writes(file_rows):
    file = lay_out(file_rows)

    _, text = answer_whole(file, "jsonl")

    assert text == "".join(answer_one_by_one(file, "jsonl"))


AGES = ("", "0.02", "0.07", "0.08", "1", "2", "17.99", "18", "19", "20", "60", "64.99", "65", "66")
WEIGHTS = ("2.4", "3.4", "12", "24.9", "25", "51", "70", "118", "200.1")
HEIGHTS = ("", "50", "129.9", "130", "152.4", "175")
BLOOD_GROUPS = ("", "O", "A", "AB")


@pytest.mark.parametrize("indication", list(shipped().indications))
def test_an_order_for_every_kind_of_patient_is_the_line_that_dose_writes(indication):
    """One order for many patients on each side of every threshold: what is shared must not reach across one."""
    brands = ["", *shipped().products]
    place = list(shipped().indications).index(indication)
    file_rows = []
    for step, regimen in enumerate(shipped().indications[indication].regimens):
        order = {"indication": indication, "regimen": regimen, "product": brands[(place + step) % len(brands)]}
        usual = {"weight_kg": "70", "height_cm": "175"}
        people = [usual | {"age_years": age, "blood_group": group} for age in AGES for group in BLOOD_GROUPS]
        people += [
            {"weight_kg": weight, "height_cm": HEIGHTS[at % len(HEIGHTS)], "age_years": AGES[at % len(AGES)]}
            for at, weight in enumerate(WEIGHTS * 2)
        ]
        file_rows += [[({"id": "x"} | order | person).get(name, "") for name in HEADINGS] for person in people]
    file = lay_out(file_rows)

    _, text = answer_whole(file, "csv")

    assert text == "".join(answer_one_by_one(file, "csv"))


@pytest.mark.parametrize(
    "orders",
    [
        {
            "indication": "cidp kawasaki",
            "weight_kg": "48 76.8 118",
            "weight_policy": "POLICIES",
            "sex": "F",
            "height_cm": "160 175",
            "age_years": "30",
        },
        {"indication": "itp kawasaki", "weight_kg": "3.4 24 70", "product": "PRODUCTS", "age_years": "30"},
        {"indication": "gbs", "weight_kg": "33 70", "g_per_kg": "1 1.5 2", "days": "2 4 5", "product": "privigen-us"},
        {
            "indication": "kawasaki",
            "weight_kg": "3.4 12 30 70",
            "product": "PRODUCTS",
            "risks": "none renal-impairment thrombosis-risk no-first-infusion",
        },
        {
            "indication": "sid mis-c adem",
            "weight_kg": "40 55 76.8 118",
            "weight_policy": "POLICIES",
            "sex": "F M",
            "height_cm": "160 175",
            "age_years": "30",
        },
    ],
)
@pytest.mark.parametrize("pump_step", ["0.1", "1", "5"])
def test_orders_that_differ_in_one_thing_are_the_lines_that_dose_writes(orders, pump_step):
    named = {"POLICIES": shipped().weight_policies, "PRODUCTS": shipped().products}
    choices = {name: list(named.get(texts, texts.split())) for name, texts in orders.items()}
    rows = [{"id": "x", **dict(zip(choices, cells, strict=True))} for cells in product(*choices.values())]
    file = lay_out([[row.get(name, "") for name in HEADINGS] for row in rows])
    defaults = Defaults({"pump_step": pump_step}, ())

    _, text = answer_whole(file, "csv", defaults)

    assert text == "".join(answer_one_by_one(file, "csv", defaults))


@pytest.mark.parametrize("form", ["csv", "jsonl", "markdown"])
@pytest.mark.parametrize("jobs", [2, 3])
def test_the_answer_does_not_depend_on_the_number_of_processes(process, tmp_path, form, jobs):
    path = tmp_path / "patients.csv"
    # long notes make several pieces of few rows; of CSV there are rows enough to remember and to forget
    count, notes = (5_000, "x" * 60) if form == "csv" else (60, "x" * 9_000)
    lines = [f"P{n},itp,{40 + n % 60},{notes}\n" for n in range(count)]
    path.write_text("id,indication,weight_kg,notes\n" + "".join(lines) + "Z,itp,x,\n")

    alone = process("batch", path, "--format", form, "--jobs", 1)
    together = process("batch", path, "--format", form, "--jobs", jobs)

    assert (alone.returncode, together.returncode) == (5, 5)
    assert together.stdout == alone.stdout
    assert alone.stdout.count(b"\n") >= count
