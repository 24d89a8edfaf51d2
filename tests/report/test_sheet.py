"""The print sheet: everything on it, nothing loaded, nothing alive, and one page for a usual plan."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from ivig_dose import Request, load_catalogue, make_plan
from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core.results import InfusionStep, Plan
from ivig_dose.problems import Notice
from ivig_dose.report.phrases import CLOSING
from ivig_dose.report.sheet import write_sheet
from ivig_dose.report.sheet_chart import Curve, draw_rates
from ivig_dose.report.sheet_text import escape

VOID = {"meta", "br"}
CATALOGUE = load_catalogue()
ITP = Request("itp", Decimal(70), product="privigen-us")
CIDP = Request(
    "cidp", Decimal(118), height_cm=Decimal(170), sex="F", age_years=Decimal(54), product="privigen-us",
    weight_policy="adjusted", start=datetime(2026, 12, 1, 9, 0),  # noqa: DTZ001
)  # fmt: skip
PID = Request("pid", Decimal("83.7"), product="bivigam", cycles=6)
REQUESTS = [
    ITP,
    CIDP,
    PID,
    Request("itp", Decimal(70)),
    Request("kawasaki", Decimal(12), product="privigen-us"),
    Request("kawasaki", Decimal(12)),
    Request("tss", Decimal(70), product="octagam-10-us"),
    Request("nait-newborn", Decimal("3.4"), product="gammagard-liquid"),
]


class Page(HTMLParser):
    """A page read by the standard library: its text, its tags in order, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.parts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.parts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join([f" {part} " for part in self.parts]).replace("\xa0", " ").split())


def plan_of(request: Request, catalogue: Catalogue = CATALOGUE) -> Plan:
    plan = make_plan(request, catalogue)
    assert isinstance(plan, Plan)
    return plan


def page_of(request: Request) -> Page:
    return Page(write_sheet(plan_of(request), CATALOGUE))


def test_the_sheet_of_itp_holds_every_figure() -> None:
    text = page_of(ITP).text
    # 0.4 x 70 = 28 g; 30 + 30 + 30 + 25 + 25 = 140 g; 0.3 to 2.4 mL/kg/h x 70 kg = 21 to 168 mL/h
    for said in (
        "Immune thrombocytopenia (ITP) [itp]",
        "Weight 70 kg",
        "Not stated height, sex, age, blood group, risks",
        "Calculated 28 g a day for 5 days = 140 g for the course (0.4 g/kg a day, 2 g/kg for the course)",
        "Give 30 g a day on days 1-3, 25 g a day on days 4-5 = 140 g for the course",
        "1-3 30 g a day 300 mL 1 x 20 g + 1 x 10 g",
        "4-5 25 g a day 250 mL 1 x 20 g + 1 x 5 g",
        "Days 1-3: 30 g in 300 mL over 2 h 51 min",
        "4 90 168 2.4 80.89 226.5 300 63.04 176.5 250",
        "1: 21 mL/h at / by / checked",
        "day 5, 25 g",
        "dose of a day: 0.4 g/kg a day x 70 kg = 28 g [ seed ]",
        "itp-1g-single: 70 g in 1 day",
        "Prepared by name signature date and time Checked by, independently name signature date and time",
        CLOSING,
        f"sha256 {CATALOGUE.files[0].sha256[:12]}",
        "review by 2027-11-22",
    ):
        assert said in text, said


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: f"{request.indication} {request.product}")
def test_every_notice_working_line_and_source_is_on_it(request_: Request) -> None:
    plan = plan_of(request_)
    text = page_of(request_).text
    assert plan.notices
    for notice in plan.notices:
        assert ("WARNING : " if notice.level == "warning" else "Note: ") + notice.text in text
        for source in notice.sources:
            assert f"{source} {CATALOGUE.sources[source].title}" in text
            assert (CATALOGUE.sources[source].url or "") in text
    for line in plan.working:
        assert f"{line.label}: {line.formula} =" in text
    for fact in plan.not_checked:
        assert fact in text


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: f"{request.indication} {request.product}")
def test_nothing_is_loaded_and_nothing_runs(request_: Request) -> None:
    html = write_sheet(plan_of(request_), CATALOGUE)
    page = Page(html)
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert ("meta", {"charset": "utf-8"}) in page.tags
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "a", "base", "form", "input", "use"}
    for _, attributes in page.tags:
        for name in attributes:
            assert not name.startswith("on")
            assert name not in {"href", "src", "style", "xlink:href", "action"}
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert "size: A4" in style
    policy = {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
    assert ("meta", policy) in page.tags


def test_black_and_white_only() -> None:
    colours = set(re.findall(r"#[0-9a-fA-F]{3,6}\b", write_sheet(plan_of(CIDP), CATALOGUE)))
    assert colours == {"#000", "#fff"}


def test_who_the_patient_is_stays_blank() -> None:
    html = write_sheet(plan_of(ITP), CATALOGUE)
    blanks = "".join([f"<div>{what}</div>" for what in ("Patient&#x27;s name", "Date of birth", "Number", "Ward")])
    assert f'<div class="patient">{blanks}</div>' in html


@pytest.mark.parametrize("request_", [PID, *REQUESTS[-2:]], ids=lambda request: f"{request.indication}")
def test_the_box_of_the_dose_holds_every_warning_and_no_note(request_: Request) -> None:
    html = write_sheet(plan_of(request_), CATALOGUE)
    box = html[html.index('<div class="dose">') : html.index('<div class="terms">')]
    notices = plan_of(request_).notices
    assert "warning" in {notice.level for notice in notices}
    for notice in notices:
        assert (escape(notice.text) in box) == (notice.level == "warning")


def test_each_vial_has_a_cell_for_its_batch_number() -> None:
    """ITP, 70 kg, Privigen: 1 x 20 g + 1 x 10 g on days 1-3, 1 x 20 g + 1 x 5 g on days 4-5."""
    cells = write_sheet(plan_of(ITP), CATALOGUE).partition("Batch number of each vial")[2].partition("</div>")[0]
    doses = [
        re.findall(r'<span><span class="whole">([0-9.]+).g</span></span>', line) for line in cells.split("<p>")[1:]
    ]
    assert doses == [["20", "10"]] * 3 + [["20", "5"]] * 2
    assert "Batch number of each vial" not in write_sheet(plan_of(Request("itp", Decimal(70))), CATALOGUE)


def test_part_vials_have_a_cell_for_each_vial_that_is_opened() -> None:
    sheet = write_sheet(plan_of(Request("pid", Decimal("4.2"), product="privigen-us")), CATALOGUE)
    assert sheet.partition("Batch number of each vial")[2].count("<span><span") == 1


def test_inputs_are_shown_as_read() -> None:
    request = CIDP._replace(
        blood_group="AB", risks=("diabetes", "no-migraine"), stock=((Decimal(10), 17),), pump_step_ml_per_h=Decimal(1)
    )
    text = page_of(request).text
    inputs = text[text.index("Inputs as read") : text.index("Calculated")]
    for said in (
        "Height 170 cm", "Sex female", "Age 54 years", "Blood group AB", "Risks diabetes, no-migraine",
        "First day 2026-12-01 09:00", "Stock 17 x 10 g", "Pump step 1 mL/h", "BMI 40.83 kg/m2",
    ):  # fmt: skip
        assert said in inputs
    assert "Not stated" not in inputs


def test_a_clock_time_is_planned_for_each_step() -> None:
    text = page_of(CIDP).text
    assert "1 09:00 0 25.2" in text
    assert "2 09:30 30 50.4" in text
    assert "day 1, 2026-12-01, 35 g" in text


def test_every_dose_has_its_line_to_record_it() -> None:
    html = write_sheet(plan_of(PID), CATALOGUE)
    record = html[html.index('<table class="record">') :]
    record = record[: record.index("</table>")]
    lines = re.findall(r"<tr><td>(.*?)</td>", record)
    # 0.3 g/kg x 83.7 kg = 25.11 g, nearest 25 g
    assert [line.replace("\xa0", " ") for line in lines] == [f"cycle {cycle}, 25 g" for cycle in range(1, 7)]


def test_without_a_product_the_sheet_says_that_there_are_no_rates() -> None:
    page = page_of(Request("itp", Decimal(70)))
    assert "No rates on this sheet: no product is named" in page.text
    assert "Give 28 g a day for 5 days = 140 g for the course (0.4 g/kg a day, 2 g/kg for the course)" in page.text
    assert "Calculated" not in page.text
    assert "started at by checked ended at by" in page.text
    assert "svg" not in [tag for tag, _ in page.tags]


def test_unequal_days_each_have_their_own_column() -> None:
    text = page_of(Request("tss", Decimal(70), product="octagam-10-us")).text
    # 70, 35, 35 g; 42, 84 mL/h for 30 min: 63 mL; (700 - 63) / 168 x 60 = 227.5 min; (350 - 63) / 168 x 60 = 102.5 min
    assert "Give 70 g on day 1, 35 g a day on days 2-3 = 140 g for the course" in text
    assert "3 60 168 2.4 227.5 637 700 102.5 287 350" in text


def test_a_shorter_infusion_with_fewer_steps_leaves_dashes() -> None:
    plan = plan_of(ITP)
    short = [day._replace(steps=day.steps[:3]) if day.day > 3 else day for day in plan.schedule]
    text = Page(write_sheet(plan._replace(schedule=tuple(short)), CATALOGUE)).text
    assert "3 60 84 1.2 30 42 73.5 30 42 73.5 4 90 168 2.4 80.89 226.5 300 - - -" in text


def test_days_that_are_given_alike_share_a_table_wherever_they_stand() -> None:
    plan = plan_of(ITP)
    days = plan.schedule
    order = (days[0], days[3]._replace(day=2), days[1]._replace(day=3), days[2]._replace(day=4), days[4])
    text = Page(write_sheet(plan._replace(schedule=order), CATALOGUE)).text
    assert "Days 1, 3-4: 30 g in 300 mL" in text
    assert "Days 2, 5: 25 g in 250 mL" in text


def test_infusions_at_different_rates_have_a_table_each() -> None:
    plan = plan_of(ITP)
    slower = [step._replace(rate_ml_per_h=Decimal(20)) for step in plan.schedule[3].steps]
    changed = [day._replace(steps=tuple(slower)) if day.day > 3 else day for day in plan.schedule]
    html = write_sheet(plan._replace(schedule=tuple(changed)), CATALOGUE)
    assert html.count('<table class="numbers">') == 2
    assert 'stroke-dasharray="4 2"' in html


# --- hostile text


def test_text_is_escaped_everywhere() -> None:
    evil = '<script>alert("1")</script>&amp;\u202e'
    plan = plan_of(ITP._replace(risks=("diabetes",)))
    plan = plan._replace(
        indication=replace(plan.indication, title=evil),
        notices=(Notice("x", "warning", evil, ("seed",)), *plan.notices),
        not_checked=(evil,),
        infusion_note=evil,
        working=tuple(line._replace(label=evil, formula=evil) for line in plan.working),
        request=plan.request._replace(risks=(evil,), product=evil),
    )
    page = Page(write_sheet(plan, CATALOGUE))
    assert "script" not in {tag for tag, _ in page.tags}
    assert page.text.count('<script>alert("1")</script>&amp;\\u202e') > 8


def test_a_number_stays_with_its_unit_and_nothing_is_hidden() -> None:
    assert escape("28 g a day for 5 days") == "28\u00a0g a day for 5\u00a0days"
    assert escape("a\u200bb\x07") == "a\\u200bb\\u0007"
    assert escape("<b> & \"q\" 'r'") == "&lt;b&gt; &amp; &quot;q&quot; &#x27;r&#x27;"


# --- the chart


def curve(*steps: tuple[int, int], name: str = "day 1") -> Curve:
    """An infusion of (mL/h, minutes) steps."""
    day = plan_of(ITP).schedule[0]
    made = tuple(
        InfusionStep(number, Decimal(1), Decimal(rate), Decimal(minutes), Decimal(1), Decimal(1), None)
        for number, (rate, minutes) in enumerate(steps, start=1)
    )
    return Curve(name, day._replace(steps=made, total_minutes=Decimal(sum(minutes for _, minutes in steps))))


def paths(svg: str) -> list[str]:
    return re.findall(r'<path d="([^"]+)" fill="none" stroke="#000" stroke-width="1.6"', svg)


def test_the_line_climbs_in_steps_to_scale() -> None:
    (path,) = paths(draw_rates([curve((50, 60), (100, 60))]))
    # the drawing is 278 wide (30 to 308) and 85 high (98 down to 13): 60 of 120 min is half the width, 50 of 100 mL/h
    # half the height
    assert path == "M30 98V55.5H169V13H308V98"


def test_a_shorter_infusion_at_the_same_rates_is_a_dashed_end() -> None:
    first, second = paths(draw_rates([curve((50, 60), (100, 60)), curve((50, 60), (100, 30), name="day 2")]))
    assert first == "M30 98V55.5H169V13H308V98"
    assert second == "M238.5 13V98"


def test_each_rate_is_written_and_read_aloud() -> None:
    svg = draw_rates([curve((50, 60), (1100, 60))])
    assert ">50</text>" in svg
    assert ">1,100</text>" in svg
    assert 'aria-label="Rate over time; day 1: 50\u00a0mL/h, then 1,100\u00a0mL/h"' in svg


@pytest.mark.parametrize(("minutes", "last_tick"), [(45, "0:45"), (170, "2:30"), (660, "10:00"), (4000, "64:00")])
def test_the_axis_has_few_ticks(minutes: int, last_tick: str) -> None:
    svg = draw_rates([curve((50, minutes))])
    ticks = re.findall(r">([0-9]+:[0-9]{2})</text>", svg)
    assert ticks[0] == "0:00"
    assert ticks[-1] == last_tick
    assert 2 <= len(ticks) <= 10


# --- on paper

CHROMIUM = shutil.which("chromium")
BROWSER_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
]


# What a wider font does to every line, on any machine (DejaVu Sans is 12 % wider than Arial), with room to spare.
# The height of a line does not depend on the font.
FONTS = {
    "this machine's": "",
    "wide": "* { letter-spacing: 0.06em !important; } body { padding-bottom: 5mm; }",
}


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium to print")
@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("request_", [ITP, CIDP], ids=["itp", "cidp"])
def test_a_usual_plan_prints_on_one_page_whatever_font_stands_in(request_: Request, font: str, tmp_path: Path) -> None:
    assert count_pages(request_, FONTS[font], tmp_path) == 1


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium to print")
def test_a_plan_of_many_cycles_takes_two_pages_at_most(tmp_path: Path) -> None:
    assert count_pages(PID, FONTS["wide"], tmp_path) <= 2


def count_pages(request_: Request, style: str, tmp_path: Path) -> int:
    sheet, pdf = tmp_path / "sheet.html", tmp_path / "sheet.pdf"
    text = write_sheet(plan_of(request_), CATALOGUE).replace("</style>", f"{style}</style>")
    sheet.write_text(text, encoding="utf-8")
    command: list[Any] = [CHROMIUM, *BROWSER_FLAGS, f"--user-data-dir={tmp_path}/profile", f"--print-to-pdf={pdf}"]
    subprocess.run([*command, sheet.as_uri()], check=True, capture_output=True, timeout=120)
    content = pdf.read_bytes()
    # A4 is 210 x 297 mm = 595 x 842 points
    assert re.search(rb"/MediaBox\s*\[\s*0\s+0\s+59[45][.0-9]*\s+84[12][.0-9]*\s*\]", content)
    return len(re.findall(rb"/Type\s*/Page\b", content))
