"""The options that commands share, as they are typed: every value is text until `reading` turns it into a number."""

from typing import Annotated

import typer

from ivig_dose.cli.command import Options
from ivig_dose.cli.completion import (
    complete_indications,
    complete_policies,
    complete_products,
    complete_regimens,
    complete_risks,
    complete_words,
)

CATALOGUE_VARIABLE = "IVIG_DOSE_CATALOGUE"

CatalogueOption = Annotated[
    str | None,
    typer.Option(
        "--catalogue",
        metavar="FILE",
        help=f"A site's own YAML file, laid over the shipped catalogue; {CATALOGUE_VARIABLE} where it is not given.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class CatalogueOptions(Options):
    """Which catalogue is read."""

    PANEL = "Output"

    catalogue: CatalogueOption = None


class IndicationOptions(Options):
    """What is treated."""

    indication: Annotated[
        str,
        typer.Argument(
            metavar="INDICATION",
            help="Id or alias, such as itp; `ivig-dose list indications` shows all.",
            autocompletion=complete_indications,
        ),
    ]


class WeightOptions(Options):
    """The patient's weight."""

    PANEL = "Patient"

    weight: Annotated[
        str | None, typer.Option("--weight", "-w", metavar="KG", help="Actual body weight: 70, 70kg or 3200g (needed).")
    ] = None


class FactsOptions(Options):
    """What else is known about the patient."""

    PANEL = "Patient"

    height: Annotated[str | None, typer.Option("--height", metavar="CM", help="Height: 175 or 1.75m.")] = None
    sex: Annotated[
        str | None,
        typer.Option(
            "--sex", metavar="F|M", help="Sex, for the ideal weight.", autocompletion=complete_words("F", "M")
        ),
    ] = None
    age: Annotated[str | None, typer.Option("--age", metavar="AGE", help='Age: 54, "18 months" or "10 days".')] = None
    blood_group: Annotated[
        str | None,
        typer.Option(
            "--blood-group",
            metavar="O|A|B|AB",
            help="Blood group, for the haemolysis notice.",
            autocompletion=complete_words("O", "A", "B", "AB"),
        ),
    ] = None
    risk: Annotated[
        list[str] | None,
        typer.Option(
            "--risk",
            metavar="ID",
            help="A fact about the patient; no-ID denies one, none denies all not named. May be repeated.",
            autocompletion=complete_risks,
        ),
    ] = None


class RegimenOptions(Options):
    """Which of the indication's regimens, and its figures."""

    PANEL = "Dose"

    regimen: Annotated[
        str | None,
        typer.Option(
            "--regimen",
            "-r",
            metavar="ID",
            help="One of the indication's regimens; by default its first.",
            autocompletion=complete_regimens,
        ),
    ] = None
    g_per_kg: Annotated[
        str | None, typer.Option("--g-per-kg", metavar="G", help="Dose in g/kg, or with its unit: '400 mg/kg'.")
    ] = None
    days: Annotated[
        str | None, typer.Option("--days", metavar="N", help="Days of the course, inside the regimen's range.")
    ] = None
    weight_policy: Annotated[
        str | None,
        typer.Option(
            "--weight-policy",
            metavar="ID",
            help="Which weight the dose is multiplied by.",
            autocompletion=complete_policies,
        ),
    ] = None


class ProductOptions(Options):
    """The product, and how the dose is rounded to it."""

    PANEL = "Product and rounding"

    product: Annotated[
        str | None,
        typer.Option(
            "--product", "-p", metavar="ID", help="Product, for vials and rates.", autocompletion=complete_products
        ),
    ] = None
    round: Annotated[
        str | None,
        typer.Option(
            "--round",
            metavar="vial|none|5g",
            help="Round to whole vials, not at all, or to a step.",
            autocompletion=complete_words("vial", "none"),
        ),
    ] = None
    round_direction: Annotated[
        str | None,
        typer.Option(
            "--round-direction",
            metavar="nearest|down|up",
            help="Which way to round; ties go up.",
            autocompletion=complete_words("nearest", "down", "up"),
        ),
    ] = None
    rounding_policy: Annotated[
        str | None,
        typer.Option("--rounding-policy", metavar="ID", help="Round as an authority does: ontario, nz, ascia, siegel."),
    ] = None
    tolerance: Annotated[
        str | None, typer.Option("--tolerance", metavar="PCT", help="Change of the course that is accepted (10).")
    ] = None
    stock: Annotated[
        str | None, typer.Option("--stock", metavar="10x4,5x2", help="Use only these vials: grams x count.")
    ] = None


class InfusionOptions(Options):
    """The pump and its rates."""

    PANEL = "Infusion"

    pump_step: Annotated[
        str | None, typer.Option("--pump-step", metavar="ML_PER_H", help="Smallest step of the pump, in mL/h.")
    ] = None
    max_rate: Annotated[
        str | None,
        typer.Option("--max-rate", metavar="RATE", help="Highest rate of any step: '200 mL/h' or '2 mL/kg/h'."),
    ] = None


class DatesOptions(Options):
    """When it is given, and how often."""

    PANEL = "Dates"

    start: Annotated[
        str | None, typer.Option("--start", metavar="DATE", help="First day: 2026-01-31, or 2026-01-31T09:00.")
    ] = None
    cycles: Annotated[str | None, typer.Option("--cycles", metavar="N", help="How many courses to schedule.")] = None
    interval: Annotated[
        str | None,
        typer.Option("--interval", metavar="TIME", help="From course to course, inside the range: '3 weeks'."),
    ] = None
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Schedule courses that begin by this day.")
    ] = None


class TreatmentOptions(Options):
    """What came before this course and what comes after it."""

    PANEL = "Treatment over time"

    given: Annotated[
        str | None,
        typer.Option(
            "--given",
            metavar="DOSES",
            help="Doses of this course already given; its rest is planned: '40 g', '2026-12-01 30 g privigen-us'.",
        ),
    ] = None
    earlier: Annotated[
        str | None,
        typer.Option("--earlier", metavar="DOSES", help="Doses before this course, for the rules that add them up."),
    ] = None
    then: Annotated[
        str | None,
        typer.Option(
            "--then",
            metavar="REGIMEN",
            help="The phase that follows: 'cidp-maintenance: every 3 weeks, 8 cycles, after 3 weeks'.",
        ),
    ] = None
    igg: Annotated[
        str | None,
        typer.Option("--igg", metavar="LEVEL", help="Measured trough of IgG, judged against targets: '5.2 g/L'."),
    ] = None
    igg_target: Annotated[
        str | None, typer.Option("--igg-target", metavar="LEVEL", help="Trough aimed for: '7 g/L', '700 mg/dL'.")
    ] = None


class RequestOptions(DatesOptions, InfusionOptions, ProductOptions, RegimenOptions, FactsOptions):
    """What else is known about the patient, the regimen and the infusion."""


class PatientOptions(RequestOptions, WeightOptions, IndicationOptions):
    """The indication, the patient and what is known about the infusion: all that a dose is computed from."""


class OutputOptions(Options):
    """How the answer is printed."""

    PANEL = "Output"

    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="table|json|csv|markdown|html|excel-csv",
            help="Form of the output; html is a sheet to sign, excel-csv has a decimal comma, excel-csv-point a point.",
            autocompletion=complete_words("table", "json", "csv", "markdown", "html", "excel-csv", "excel-csv-point"),
        ),
    ] = None
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False
