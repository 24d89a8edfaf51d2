"""The keys of a plan, a refusal and a check, with their units and meanings: the one list that schemas are made from.

A new key goes into the list here and nowhere else: `ivig-dose schema` and `docs/schemas` are made of it
(`report.schemas`), and `python tests/schemas.py` writes the pages anew.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias


class Key(NamedTuple):
    """One key of a document: the kind of its value, what it says, and the keys of the objects that it holds.

    A kind is `text`, `number`, `whole`, `flag`, `date`, `any`, `object` or words to choose from (`a|b`); in brackets
    (`[number]`) a list of them, with `?` at the end also null. `since` marks a key that not every document of the
    same schema has, such as those that were written before it came.
    """

    kind: str
    meaning: str
    keys: "Keys | None" = None
    since: bool = False


Keys: TypeAlias = Mapping[str, Key]

NOTICES: Final = Key(
    "[object]",
    "What the reader must see, stops and warnings first.",
    {
        "id": Key("text", "The rule or the notice."),
        "level": Key("stop|warning|note", "How much it weighs."),
        "text": Key("text", "The sentence to show."),
        "sources": Key("[text]", "Ids of sources."),
    },
)
ORIGIN: Final[Keys] = {
    "tool": Key("text", "Version of ivig-dose."),
    "catalogue": Key("text", "Title of the catalogue."),
    "version": Key("text", "Its edition."),
    "sha256": Key("text", "SHA-256 of the shipped file."),
    "effective": Key("date", "From which day the edition holds."),
    "review_by": Key("date", "After this day every plan carries a warning."),
    "files": Key(
        "[object]",
        "Every catalogue file, a site's own last.",
        {
            "path": Key("text", "The file."),
            "version": Key("text", "Its own edition."),
            "sha256": Key("text", "SHA-256 of its bytes."),
        },
    ),
}
REQUEST: Final[Keys] = {
    "indication": Key("text", "As it was typed."),
    "weight_kg": Key("number", "Actual weight in kg."),
    "height_cm": Key("number?", "Null where not said, as in all below."),
    "sex": Key("text?", "F or M."),
    "age_years": Key("number?", "Age in years."),
    "regimen": Key("text?", "Regimen asked for."),
    "g_per_kg": Key("number?", "Grams per kg asked for."),
    "days": Key("whole?", "Days asked for."),
    "weight_policy": Key("text?", "Weight policy asked for."),
    "product": Key("text?", "Product asked for."),
    "rounding": Key("text?", "vial, none or step."),
    "rounding_step_g": Key("number?", "The step in grams where rounding is step."),
    "round_direction": Key("text?", "nearest, down or up."),
    "tolerance_pct": Key("number?", "Tolerance of the course in percent."),
    "stock": Key(
        "[object]?", "Vials on the shelf.", {"g": Key("number", "Grams of a vial."), "count": Key("whole", "How many.")}
    ),
    "risks": Key("[text]", "Risks as stated."),
    "blood_group": Key("text?", "Blood group."),
    "start": Key("text?", "First day, with or without a clock time."),
    "cycles": Key("whole?", "Number of courses."),
    "pump_step_ml_per_h": Key("number?", "Step of the pump in mL/h."),
    "max_rate": Key("text?", "Highest rate asked for, such as 200 mL/h or 2 mL/kg/h.", since=True),
    "rounding_policy": Key("text?", "Rounding policy asked for.", since=True),
    "interval": Key("text?", "Interval asked for, such as 3 weeks.", since=True),
    "until": Key("date?", "Last day on which a course may begin.", since=True),
    "given": Key("text?", "Doses of this course that were given, as typed.", since=True),
    "earlier": Key("text?", "Doses before this course, as typed.", since=True),
    "then": Key("text?", "The phase that follows, as typed.", since=True),
    "igg": Key("text?", "Measured trough of IgG, such as 5.2 g/L.", since=True),
    "igg_target": Key("text?", "Trough that is aimed for.", since=True),
    "ordered": Key("text", "The order as written; only where one was checked.", since=True),
    "order_tolerance": Key("text", "What it may be below and above: -5 +10; only where that was said.", since=True),
}
SCHEMA_KEY: Final = Key("whole", "1. It rises when a key goes or changes its meaning.")


def _range(what: str, **more: Key) -> Keys:
    return {"low": Key("number", f"Lowest {what}."), **more, "high": Key("number", f"Highest {what}.")}


_CHOSEN_BY: Final = Key("text", "catalogue, site or request: who chose it.")
_VIALS: Final = Key(
    "[object]", "Vials of a dose.", {"g": Key("number", "Grams of a vial."), "count": Key("whole", "How many.")}
)
_INTERVAL: Final[Keys] = {
    "number": Key("whole", "How many."),
    "unit": Key("days|weeks|months", "Of what."),
}
_PHASE: Final[Keys] = {
    "indication": Key("object", "What it is for.", {"id": Key("text", "Id."), "title": Key("text", "Title.")}),
    "regimen": Key(
        "object",
        "How it is dosed.",
        {
            "id": Key("text", "Id."),
            "title": Key("text", "Title."),
            "phase": Key("text", "Phase of the therapy."),
            "basis": Key("per_course|per_day|per_dose|per_month", "What the grams per kg buy."),
            "g_per_kg": Key(
                "object", "Grams per kg.", _range("g/kg", chosen=Key("number", "Used."), chosen_by=_CHOSEN_BY)
            ),
            "days": Key(
                "object", "Days with a dose.", _range("days", chosen=Key("whole", "Used."), chosen_by=_CHOSEN_BY)
            ),
            "interval": Key(
                "object?",
                "From course to course; null for one course.",
                _range(
                    "interval",
                    default=Key("whole", "Usual."),
                    unit=Key("days|weeks|months", "Unit."),
                    chosen=Key("object", "Planned.", _INTERVAL, since=True),
                    chosen_by=_CHOSEN_BY._replace(since=True),
                ),
            ),
            "may_repeat": Key(
                "object?",
                "How far apart courses may be repeated, where one is planned; null where they are not.",
                _range("interval", default=Key("whole", "Usual."), unit=Key("days|weeks|months", "Unit.")),
                since=True,
            ),
            "chosen_by": _CHOSEN_BY,
            "sources": Key("[text]", "Ids of sources."),
        },
    ),
    "patient": Key(
        "object",
        "The patient as read; null is not said.",
        {
            "weight_kg": Key("number", "Actual weight in kg."),
            "height_cm": Key("number?", "Height in cm."),
            "sex": Key("text?", "F or M."),
            "age_years": Key("number?", "Age in years."),
            "bmi": Key("number?", "kg/m2; null without a height."),
            "blood_group": Key("text?", "Blood group."),
        },
    ),
    "dosing_weight": Key(
        "object",
        "The weight that the dose is multiplied by; never above the actual one.",
        {
            "kg": Key("number", "In kg."),
            "kind": Key("text", "actual, ideal or adjusted."),
            "policy": Key("text", "Weight policy."),
            "ideal_kg": Key("number?", "Null where not worked out."),
            "adjusted_kg": Key("number?", "Null where not worked out."),
            "reason": Key("text", "Why this weight."),
            "threshold": Key("text?", "How near the next threshold is; null where there is none."),
            "sources": Key("[text]", "Ids of sources."),
        },
    ),
    "dose": Key(
        "object",
        "The calculated dose, before any rounding to vials.",
        {
            "g_per_kg_per_day": Key("number?", "Null where days differ."),
            "g_per_kg_course": Key("number", "g/kg in the course."),
            "day_g": Key("number?", "Grams of each day; null where days differ."),
            "course_g": Key("number", "Grams of the course."),
            "course_g_range": Key("object", "Over the range of the regimen.", _range("course in g")),
            "days_g": Key("[number]", "Grams of each day in order."),
            "capped_from_g": Key("number?", "What a ceiling in grams cut; null where none did."),
        },
    ),
    "rounding": Key(
        "object",
        "What rounding did to the course.",
        {
            "rule": Key("text", "vial, none, step or stock."),
            "direction": Key("text?", "nearest, down or up."),
            "course_g": Key("number", "Grams of the course that are given."),
            "difference_g": Key("number", "Given less calculated, in grams."),
            "difference_pct": Key("number", "The same in percent."),
            "step_g": Key("number?", "The step in grams; null without one."),
            "tolerance_pct": Key("number", "Tolerance of the course in percent."),
            "within_tolerance": Key("flag", "Whether the course stays in it."),
            "day_tolerance_pct": Key("number", "Tolerance of a day in percent.", since=True),
            "part_vials": Key("flag", "Whether doses are drawn from part vials.", since=True),
            "policy": Key("text?", "Rounding policy; null where none was asked for.", since=True),
        },
    ),
    "product": Key(
        "object",
        "What is given.",
        {
            "id": Key("text?", "Null where no product is named."),
            "name": Key("text?", "Null where no product is named."),
            "g_per_100_ml": Key("number", "Strength in g/100 mL; 10 where no product is named."),
        },
    ),
    "schedule": Key(
        "[object]",
        "What is given, day by day.",
        {
            "cycle": Key("whole", "Course, from 1."),
            "day": Key("whole", "Day of the course, from 1: doses on alternate days are on 1, 3 and 5."),
            "date": Key("date?", "Null without a start."),
            "dose_g": Key("number", "Grams given."),
            "volume_ml": Key("number", "mL given."),
            "vials": _VIALS,
            "part_vials": Key(
                "object?",
                "Where a vial is not used up, in place of `vials`; null for whole vials.",
                {
                    "open": _VIALS,
                    "drawn_g": Key("number", "Grams drawn."),
                    "drawn_ml": Key("number", "mL drawn."),
                    "discarded_g": Key("number", "Grams discarded."),
                    "discarded_ml": Key("number", "mL discarded."),
                },
                since=True,
            ),
            "steps": Key(
                "[object]",
                "Settings of the pump; empty where no rates are known.",
                {
                    "step": Key("whole", "From 1."),
                    "rate_ml_per_kg_per_h": Key("number", "mL/kg/h of dosing weight."),
                    "rate_ml_per_h": Key("number", "mL/h to set."),
                    "minutes": Key("number", "How long."),
                    "volume_ml": Key("number", "mL of the step."),
                    "cumulative_ml": Key("number", "mL so far."),
                    "starts": Key("text?", "Date and clock time; null without one."),
                },
            ),
            "total_minutes": Key("number?", "Null where no rates are known."),
        },
    ),
    "infusion_note": Key("text?", "What the steps rest on; null without steps."),
    "vaccines": Key(
        "object",
        "The wait before live vaccines.",
        {
            "defer_months": Key("number?", "Months from the last infusion; null where the table has none."),
            "not_before": Key("date?", "Null without a start."),
            "table": Key("text", "Table used."),
            "vaccines": Key("[text]", "Vaccines that wait."),
            "exception": Key("text?", "Who need not wait; null where nobody is named."),
            "sources": Key("[text]", "Ids of sources."),
        },
    ),
    "part_given": Key(
        "object?",
        "Where some of the course was given: `dose`, `rounding` and `schedule` are of the rest. Null otherwise.",
        {
            "course_g": Key("number", "Grams of the whole course."),
            "given_g": Key("number", "Grams that were given."),
            "infusions": Key("whole", "As how many infusions they are counted."),
            "doses": Key(
                "[object]",
                "The doses as they were said.",
                {
                    "g": Key("number", "Grams."),
                    "date": Key("date?", "Null where not said."),
                    "product": Key("text?", "Id; null where not said."),
                },
            ),
            "left_g": Key("number", "Course less given, in grams."),
            "in_all_g": Key("number", "Given before and planned, after rounding."),
            "in_all_g_per_kg": Key("number", "The same for each kg of dosing weight."),
        },
        since=True,
    ),
    "year": Key(
        "object?",
        "What courses that are repeated come to, a year being 365.25 days; null for one course.",
        {
            "g_per_week": Key("number", "Grams a week."),
            "g_per_year": Key("number", "Grams a year."),
            "infusions_per_year": Key("number", "Infusions a year."),
            "scheduled_g": Key("number", "Grams of all that is scheduled."),
            "vials": _VIALS._replace(meaning="Vials for all that is scheduled."),
        },
        since=True,
    ),
    "trough": Key(
        "object?",
        "Where a measured trough of IgG stands, in g/L; no dose follows from it. Null where none was given.",
        {
            "g_per_l": Key("number", "The level."),
            "target_g_per_l": Key("number?", "The target asked for."),
            "targets": Key(
                "[object]",
                "Targets of sources for this indication.",
                {
                    "id": Key("text", "Id."),
                    "title": Key("text", "Whose."),
                    "at_least_g_per_l": Key("number?", "At least this."),
                    "over_g_per_l": Key("number?", "Or more than this."),
                    "met": Key("flag", "Whether the level meets it."),
                    "sources": Key("[text]", "Ids of its sources."),
                },
            ),
            "expected": Key(
                "[object]",
                "What a published average makes of the level at the ends of the regimen's range.",
                {
                    "id": Key("text", "Id."),
                    "g_per_l": Key("number", "Rise of the trough."),
                    "per_g_per_kg": Key("number", "For so many g/kg more at each infusion."),
                    "spread": Key("text", "What is printed of its spread."),
                    "measured_on_g_per_kg": Key("number", "Dose on which the level is taken to be measured."),
                    "low_g_per_kg": Key("number", "Lowest dose."),
                    "low_g_per_l": Key("number", "Trough there."),
                    "high_g_per_kg": Key("number", "Highest dose."),
                    "high_g_per_l": Key("number", "Trough there."),
                    "sources": Key("[text]", "Ids of its sources."),
                },
            ),
        },
        since=True,
    ),
    "reviews": Key(
        "[object]",
        "Reviews that authorities ask for, counted from the first infusion of this phase.",
        {
            "id": Key("text", "The rule that asks."),
            "after_months": Key("whole", "Months after the first infusion."),
            "date": Key("date?", "Null without a start."),
            "sources": Key("[text]", "Ids of its sources."),
        },
        since=True,
    ),
    "notices": NOTICES,
    "not_checked": Key("[text]", "Facts that nobody gave, so that rules could not be checked."),
    "alternatives": Key(
        "[object]",
        "Other regimens of the indication, at their defaults.",
        {
            "regimen": Key("text", "Id."),
            "course_g": Key("number", "Grams of the course."),
            "title": Key("text", "Title."),
            "days": Key("whole", "Days."),
            "g_per_kg": Key("number", "Grams per kg."),
            "basis": Key("text", "What they buy."),
        },
    ),
    "working": Key(
        "[object]",
        "The arithmetic, line by line.",
        {
            "label": Key("text", "What is worked out."),
            "formula": Key("text", "To do again by hand."),
            "value": Key("any", "Its result."),
            "unit": Key("text?", "Unit of the result."),
            "source": Key("text?", "Id of its source."),
        },
    ),
}
_NEXT_PHASE: Final[Keys] = {
    "begins_after": Key(
        "object",
        "Time from the first day of the course before to the first day of this phase.",
        {**_INTERVAL, "chosen_by": _CHOSEN_BY, "sources": Key("[text]", "Ids of its sources.")},
    ),
    **_PHASE,
}
PLAN: Final[Keys] = {
    "schema": SCHEMA_KEY,
    "status": Key("ok", "A plan."),
    **_PHASE,
    "then": Key("object?", "The phase that follows, keyed as a plan; null without one.", _NEXT_PHASE, since=True),
    "origin": Key("object", "Tool and catalogue.", ORIGIN),
    "request": Key("object", "What was asked; `replay` asks it again.", REQUEST),
}
REFUSAL: Final[Keys] = {
    "schema": SCHEMA_KEY,
    "status": Key("refused", "No dose is given."),
    "refusal": Key(
        "object",
        "Why.",
        {
            "rule": Key("text", "Id of the rule."),
            "message": Key("text", "What is wrong."),
            "hint": Key("text", "What to do; may be empty."),
            "sources": Key("[text]", "Ids of sources."),
        },
    ),
    "origin": Key("object?", "Tool and catalogue; null in `compare`.", ORIGIN),
    "request": Key("object?", "Null where it could not be read.", REQUEST),
}
_ORDERED: Final[Keys] = {
    "text": Key("text", "As written; an order in several fields as one text."),
    "amount": Key("number", "The first figure."),
    "unit": Key("g|mg|g/kg|mg/kg|mL", "Its unit."),
    "per": Key("day|dose|course?", "What it is for; null where the order does not say."),
    "days": Key("whole?", "Doses of a course; null where the order does not say."),
    "interval": Key("object?", "From course to course, or between doses; null where not written.", _INTERVAL),
    "product": Key("text?", "Id or brand; null where not written.", since=True),
    "rate": Key("text?", "The steps of the infusion; null where not written.", since=True),
    "day_g": Key("number?", "Grams of one dose; null where the days are unequal."),
    "course_g": Key("number", "Grams of the course."),
    "dose_ml": Key("number?", "Volume of one dose in mL; null where the days are unequal.", since=True),
    "read_as": Key("text", "The order in this tool's words."),
}
_EXPECTED: Final[Keys] = {
    "day_g": Key("number?", "Grams of the largest day as given; null where the days are unequal."),
    "course_g": Key("number", "Grams of the course as given."),
    "calculated_course_g": Key("number", "Grams of the course before rounding."),
    "days": Key("whole", "Doses of a course."),
    "indication": Key("text", "Id."),
    "regimen": Key("text", "Id."),
    "g_per_kg": Key("number", "Of the regimen's basis."),
    "interval": Key("object?", "The usual one; null for one course.", _INTERVAL),
    "dosing_weight_kg": Key("number", "In kg."),
}
CHECK: Final[Keys] = {
    "schema": SCHEMA_KEY,
    "status": Key("match|mismatch", "The verdict."),
    "ordered": Key("object", "The order as read, and what it comes to for this patient.", _ORDERED),
    "expected": Key("object", "The plan that it is compared with.", _EXPECTED),
    "difference_pct": Key("number", "Ordered less expected course, in percent."),
    "tolerance_pct": Key("number", "What is allowed, in percent."),
    "agrees_with": Key(
        "object?",
        "The regimen that the order agrees with, or null.",
        {"regimen": Key("text", "Id."), "as": Key("chosen|in-range|other-regimen", "How.")},
        since=True,
    ),
    "days_assumed": Key("flag", "Whether days that the order does not write were assumed.", since=True),
    "tolerance": Key(
        "object",
        "What is allowed, in percent.",
        {"below_pct": Key("number", "Too little."), "above_pct": Key("number", "Too much.")},
        since=True,
    ),
    "differs_in": Key(
        "[object]",
        "In what the order differs.",
        {"id": Key("text", "days, interval, grams, rate, ..."), "text": Key("text", "Ordered and expected.")},
        since=True,
    ),
    "slips": Key(
        "[object]",
        "Single slips that would explain the difference, the likeliest first.",
        {
            "id": Key("text", "The kind."),
            "text": Key("text", "Its arithmetic."),
            "course_g": Key("number", "Grams of the course that it gives."),
        },
    ),
    "notices": NOTICES,
    "origin": Key("object", "Tool and catalogue.", ORIGIN),
    "request": Key("object", "What was asked, with the order.", REQUEST),
}
