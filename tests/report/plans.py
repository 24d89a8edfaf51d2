"""Plans written out by hand for the renderers: every figure was worked out on paper, none by the tool.

ITP, 70 kg: 0.4 g/kg x 70 kg = 28 g a day, x 5 = 140 g. In vials of 20, 10 and 5 g: 30, 30, 30, 25, 25 g = 140 g.
At 10 g/100 mL, 30 g is 300 mL. Rates 0.3, 0.6, 1.2, 2.4, 4.8 mL/kg/h x 70 kg = 21, 42, 84, 168, 336 mL/h; 30 min
of each of the first four give 10.5, 21, 42 and 84 mL = 157.5 mL; the rest of 300 mL, 142.5 mL, at 336 mL/h takes
25.446 min, so 145.45 min in all; the rest of 250 mL, 92.5 mL, takes 16.518 min, so 136.52 min in all.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from ivig_dose.catalogue.models import (
    CatalogueFile,
    DayRange,
    DoseRange,
    Indication,
    Interval,
    Product,
    Regimen,
    Vial,
)
from ivig_dose.core.interval import TimeSpan
from ivig_dose.core.order_text import parse_ordered
from ivig_dose.core.request import Request
from ivig_dose.core.results import (
    Alternative,
    Dose,
    DosingWeight,
    Finding,
    GivenDay,
    InfusionStep,
    OrderCheck,
    OrderedDose,
    Origin,
    Patient,
    Plan,
    RegimenChoice,
    Rounding,
    Slip,
    Tolerance,
    Vaccines,
    VialCount,
    WorkingLine,
)
from ivig_dose.problems import Notice, Refusal
from ivig_dose.quantity import Ratio

ORIGIN = Origin(
    "0.1.0",
    "Immunoglobulin regimens",
    "2026.11",
    "0123456789abcdef" * 4,
    date(2026, 11, 22),
    date(2027, 11, 22),
    (CatalogueFile("regimens.yaml", "2026.11", "0123456789abcdef" * 4),),
)

ITP_DAILY = Regimen(
    id="itp-daily",
    title="ITP, daily",
    phase="acute",
    g_per_kg=DoseRange(low=Decimal("0.4"), high=Decimal("0.4"), default=Decimal("0.4")),
    basis="per_day",
    days=DayRange(low=2, high=5, default=5),
    status="SEED",
    sources=("seed",),
)
MONTHLY = Regimen(
    id="replacement-monthly",
    title="Replacement, monthly",
    phase="replacement",
    g_per_kg=DoseRange(low=Decimal("0.2"), high=Decimal("0.3"), default=Decimal("0.3")),
    basis="per_month",
    days=DayRange(low=1, high=1, default=1),
    status="SEED",
    sources=("seed",),
    interval=Interval(low=1, high=1, default=1, unit="months"),
)
TOXIC_SHOCK = Regimen(
    id="tss-three-days",
    title="Toxic shock, 1, 0.5, 0.5 g/kg",
    phase="acute",
    g_per_kg=DoseRange(low=Decimal(2), high=Decimal(2), default=Decimal(2)),
    basis="per_course",
    days=DayRange(low=3, high=3, default=3),
    status="VERIFIED",
    sources=("au-tss",),
    day_pattern=(Decimal(1), Decimal("0.5"), Decimal("0.5")),
)
ITP = Indication(id="itp", title="Immune thrombocytopenia (ITP)", regimens=("itp-daily",), sources=("seed",))
PID = Indication(id="pid", title="Primary immunodeficiency", regimens=("replacement-monthly",), sources=("seed",))
TSS = Indication(id="tss", title="Toxic shock syndrome", regimens=("tss-three-days",), sources=("au-tss",))
PRIVIGEN = Product(
    id="privigen-us",
    name="Privigen 10 %",
    region="US",
    g_per_100_ml=Decimal(10),
    vials=(
        Vial(g=Decimal(20), ml=Decimal(200)),
        Vial(g=Decimal(10), ml=Decimal(100)),
        Vial(g=Decimal(5), ml=Decimal(50)),
    ),
    rates=(),
    sources=("fda-privigen",),
)
NOTICES = (
    Notice(
        "thrombosis", "warning", "Thrombosis may occur; give the least dose and rate that is practicable.", ("fda",)
    ),
    Notice(
        "haemolysis",
        "warning",
        "Blood group A, B or AB at ≥ 2 g/kg: check Hb at 36 to 96 h and on day 5 to 10.",
        ("c1",),
    ),
    Notice("glucose", "note", "Check glucose with corticosteroids.", ("seed",)),
    Notice("meningitis", "note", "Aseptic meningitis is more likely at 2 g/kg.", ("seed",)),
    Notice("assess", "note", "Assess during and for 30 min after the infusion.", ("seed",)),
    Notice("lots", "note", "Products and lots differ.", ("seed",)),
    Notice("trough", "note", "IgG of at least 400 mg/dL.", ("seed",)),
)


def make_steps(volume_ml: Decimal, last_minutes: Decimal, starts: datetime | None = None) -> tuple[InfusionStep, ...]:
    steps = []
    given = Decimal(0)
    for at, (per_kg, rate, ml) in enumerate(
        [("0.3", 21, "10.5"), ("0.6", 42, "21"), ("1.2", 84, "42"), ("2.4", 168, "84")], start=1
    ):
        given += Decimal(ml)
        clock = None if starts is None else starts + timedelta(minutes=30 * (at - 1))
        steps.append(InfusionStep(at, Decimal(per_kg), Decimal(rate), Decimal(30), Decimal(ml), given, clock))
    clock = None if starts is None else starts + timedelta(minutes=120)
    steps.append(InfusionStep(5, Decimal("4.8"), Decimal("336.0"), last_minutes, volume_ml - given, volume_ml, clock))
    return tuple(steps)


def make_itp_plan(starts: datetime | None = None) -> Plan:
    """ITP at 70 kg in whole vials of Privigen, from a clock time where one is given."""
    schedule = []
    for day in range(1, 6):
        begins = None if starts is None else starts + timedelta(days=day - 1)
        large = day <= 3
        volume_ml, last_minutes = (
            (Decimal("300.00"), Decimal("25.45")) if large else (Decimal("250.0"), Decimal("16.52"))
        )
        small = VialCount(Decimal(10) if large else Decimal(5), 1)
        schedule.append(
            GivenDay(
                1,
                day,
                None if begins is None else begins.date(),
                Decimal("30.0") if large else Decimal(25),
                volume_ml,
                (VialCount(Decimal(20), 1), small),
                make_steps(volume_ml, last_minutes, begins),
                120 + last_minutes,
            )
        )
    return Plan(
        indication=ITP,
        choice=RegimenChoice(ITP_DAILY, Decimal("0.4"), 5, "catalogue", "catalogue", "catalogue", ("seed",)),
        patient=Patient(Decimal("70.0"), Decimal(175), "F", Decimal(41), "AB", Ratio(Decimal(700000), Decimal(30625))),
        dosing_weight=DosingWeight(
            Ratio(Decimal(70)), "actual", "actual", None, None, "the default policy", None, ("seed",)
        ),
        dose=Dose(
            Ratio(Decimal("0.4")),
            Ratio(Decimal("2.0")),
            Ratio(Decimal("28.00")),
            Ratio(Decimal("140.0")),
            Ratio(Decimal(56)),
            Ratio(Decimal(140)),
            (Ratio(Decimal(28)),) * 5,
            None,
        ),
        rounding=Rounding(
            "vial",
            None,
            "nearest",
            Decimal("140"),
            Ratio(Decimal(0)),
            Ratio(Decimal(0)),
            Decimal(10),
            True,
            Decimal(25),
        ),
        product=PRIVIGEN,
        g_per_100_ml=Decimal(10),
        schedule=tuple(schedule),
        infusion_note="Rates: label of Privigen, doubled every 30 min (practice, not label).",
        vaccines=Vaccines(11, None, "us", ("MMR", "varicella"), "At high risk of measles vaccinate at once.", ("cdc",)),
        notices=NOTICES,
        not_checked=("age", "blood group"),
        alternatives=(
            Alternative("itp-1g-single", "ITP, 1 g/kg once", Decimal(1), "per_dose", 1, Ratio(Decimal(70)), False),
        ),
        working=(
            WorkingLine("Dose a day", "0.4 g/kg x 70 kg", Decimal("28.00"), "g", "seed"),
            WorkingLine("Course", "28 g x 5 days", Decimal("140"), "g", ""),
        ),
        origin=ORIGIN,
        request=Request("itp", Decimal(70), product="privigen-us", start=starts),
    )


def make_exact_plan() -> Plan:
    """The same patient without a product: 28 g a day, exact, 280 mL at 10 %, no rates."""
    plan = make_itp_plan()
    schedule = tuple([GivenDay(1, day, None, Decimal(28), Decimal(280), (), (), None) for day in range(1, 6)])
    rounding = Rounding(
        "none",
        Decimal("0.001"),
        "nearest",
        Decimal(140),
        Ratio(Decimal(0)),
        Ratio(Decimal(0)),
        Decimal(10),
        True,
        Decimal(25),
    )
    return plan._replace(product=None, schedule=schedule, rounding=rounding, infusion_note=None, notices=NOTICES[:2])


def make_monthly_plan() -> Plan:
    """PID at 83.7 kg: 0.3 g/kg x 83.7 kg = 25.11 g monthly from 31 January, for three months, in steps of 5 g."""
    plan = make_exact_plan()
    days = (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))
    schedule = tuple(
        [GivenDay(cycle, 1, day, Decimal(25), Decimal(250), (), (), None) for cycle, day in enumerate(days, start=1)]
    )
    exact = Ratio(Decimal("25.11"))
    return plan._replace(
        indication=PID,
        choice=RegimenChoice(
            MONTHLY,
            Decimal("0.3"),
            1,
            "catalogue",
            "catalogue",
            "catalogue",
            ("seed",),
            MONTHLY.interval,
            TimeSpan(1, "months"),
        ),
        patient=plan.patient._replace(weight_kg=Decimal("83.7")),
        dosing_weight=plan.dosing_weight._replace(kg=Ratio(Decimal("83.7"))),
        dose=Dose(
            Ratio(Decimal("0.3")), Ratio(Decimal("0.3")), exact, exact, Ratio(Decimal("16.74")), exact, (exact,), None
        ),
        # 25 - 25.11 = -0.11 g; -0.11 / 25.11 = -0.438 %
        rounding=Rounding(
            "step",
            Decimal(5),
            "nearest",
            Decimal(25),
            Ratio(Decimal("-0.11")),
            Ratio(Decimal(-11), Decimal("25.11")),
            Decimal(10),
            True,
            Decimal(25),
        ),
        schedule=schedule,
        vaccines=plan.vaccines._replace(defer_months=8, not_before=date(2026, 11, 30)),
    )


def make_unequal_plan() -> Plan:
    """Toxic shock at 70 kg: 70, 35, 35 g = 140 g."""
    plan = make_exact_plan()
    doses = (Decimal(70), Decimal(35), Decimal(35))
    return plan._replace(
        indication=TSS,
        choice=RegimenChoice(TOXIC_SHOCK, Decimal(2), 3, "catalogue", "catalogue", "catalogue", ("au-tss",)),
        dose=plan.dose._replace(g_per_kg_per_day=None, day_g=None, days_g=tuple([Ratio(each) for each in doses])),
        schedule=tuple(
            [GivenDay(1, at, None, each, each * 10, (), (), None) for at, each in enumerate(doses, start=1)]
        ),
    )


REFUSAL = Refusal(
    "days-out-of-range", "6 days are outside the range of itp-daily: 2 to 5 days", "choose --days inside it", ("seed",)
)


def make_check() -> OrderCheck:
    """75 kg, 2 g/kg over 5 days is 150 g for the course; ordered 150 g a day: 750 g, +400 %."""
    plan = make_exact_plan()
    return OrderCheck(
        status="mismatch",
        agrees_with=None,
        ordered=parse_ordered("150 g/day"),
        dose=OrderedDose(
            days=5,
            days_assumed=True,
            day_g=Ratio(Decimal(150)),
            course_g=Ratio(Decimal(750)),
            g_per_kg_course=Ratio(Decimal(10)),
            day_ml=Ratio(Decimal(1500)),
        ),
        expected_day_g=Decimal(30),
        expected_course_g=Decimal(150),
        difference_percent=Ratio(Decimal(400)),
        tolerance=Tolerance(Decimal(10), Decimal(10)),
        findings=(Finding("grams", "750 g for the course ordered, 150 g expected: 400 % more"),),
        slips=(Slip("course-taken-as-daily", "150 g is the whole course: 150 g / 5 days = 30 g a day", Decimal(750)),),
        notices=NOTICES[:1],
        plan=plan,
    )


# A ward's clock has no time zone.
LATE_EVENING = datetime(2026, 12, 30, 22, 45)  # noqa: DTZ001
ALL_PLANS = (make_itp_plan(), make_itp_plan(LATE_EVENING), make_exact_plan(), make_monthly_plan(), make_unequal_plan())
