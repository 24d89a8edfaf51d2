"""The screens that are kept as transcripts: a name, which is that of the file, and the command line."""

from typing import Final

CIDP_PATIENT: Final = "--weight 118 --height 170 --sex F --age 50"

CASES: Final[dict[str, str]] = {
    # a dose, from the plainest to what has everything on it
    "dose-itp": "dose itp --weight 70",
    "dose-itp-explained": "dose itp --weight 70 --explain",
    "dose-kawasaki-infant": "dose kawasaki --weight 12",
    "dose-neonate-beyond-tolerance": "dose itp --weight 3.4 --product octagam-10-us",
    "dose-monthly-with-dates": "dose pid --weight 83.7 --start 2026-01-31 --cycles 6",
    "dose-infusion-by-the-clock": (
        "dose cidp --weight 118 --height 170 --sex F --product privigen-us --weight-policy bmi-30 "
        "--start 2026-12-01T22:30"
    ),
    "dose-from-stock": "dose itp --weight 70 --product privigen-us --stock 10x9,5x20",
    "dose-rounded-to-5-g": "dose gbs --weight 83 --round 5g --round-direction down",
    "dose-unequal-days": "dose tss --weight 70",
    "dose-many-warnings": (
        "dose mg --weight 92 --sex M --age 71 --blood-group AB --product octagam-10-us --regimen high-dose-divided "
        "--days 2 --risk thrombosis-risk --risk renal-impairment --risk diabetes --risk first-infusion"
    ),
    "dose-capped": "dose mis-c --weight 64 --age 15",
    "dose-pounds-suspected": "dose itp --weight 154 --height 160 --age 40",
    # a treatment over time
    "dose-replacement-for-a-year": (
        "dose pid --weight 64.5 --regimen replacement-label-us --interval '3 weeks' --product privigen-us "
        "--start 2026-12-01 --until 2027-11-30 --igg '520 mg/dL' --igg-target '7 g/L'"
    ),
    "dose-cidp-then-maintenance": (
        "dose cidp --weight 70 --regimen induction-divided --product privigen-us --start 2026-12-01 "
        "--then 'cidp-maintenance: until 2027-05-31'"
    ),
    "dose-part-given": ("dose itp --weight 70 --given '60 g octagam-10-us' --product gamunex-c --start 2026-12-03"),
    "dose-fnait-weekly": (
        "dose fnait --weight 75 --regimen fnait-weekly --cycles 16 --start 2026-12-01 --product privigen-us "
        "--blood-group A"
    ),
    # an order
    "check-course-as-daily": 'check gbs --weight 75 --g-per-kg 2 --days 5 --ordered "150 g/day"',
    "check-match": 'check itp --weight 70 --ordered "0.4 g/kg/day"',
    "check-match-in-vials": 'check cidp --weight 72.5 --product privigen-us --ordered "30 g/day"',
    "check-no-slip-known": 'check itp --weight 70 --ordered "50 g/day"',
    "check-order-without-basis": "check itp --weight 70 --ordered 30",
    # policies and weights side by side
    "compare-cidp": f"compare cidp {CIDP_PATIENT}",
    "compare-in-vials-age-unknown": "compare cidp --weight 118 --height 170 --sex F --product privigen-us",
    "table-itp-in-vials": "table itp --weights 40:100:20 --product privigen-us",
    "table-pid": "table pid --weights 40:400:120 --regimen replacement-label-us",
    # no dose
    "refused-days-out-of-range": "dose itp --weight 70 --days 6",
    "refused-contraindicated": "dose pid --weight 80 --risk iga-deficiency-with-antibodies",
    "refused-height-and-weight-swapped": "dose itp --weight 170 --height 70",
    "refused-weight-impossible": "dose itp --weight 700",
    "refused-stock-too-small": "dose itp --weight 70 --product privigen-us --stock 10x4,5x2",
    "refused-more-given-than-the-course": "dose itp --weight 70 --given '60 g, 90 g'",
    "refused-gbs-monthly": "dose gbs --weight 70 --interval monthly",
    "refused-interval-out-of-range": "dose pid --weight 70 --regimen replacement-label-us --interval '6 weeks'",
    "error-igg-of-another-unit": "dose pid --weight 70 --igg '520 g/L'",
    "error-next-phase-not-read": "dose cidp --weight 70 --then 'cidp-maintenance: soon'",
    "error-indication-unknown": "dose itpp --weight 70",
    "error-weight-with-comma": "dose itp --weight 70,5",
    "error-weight-in-pounds": 'dose itp --weight "154 lb"',
    "error-option-twice": "dose itp --weight 70 --weight 7",
    "error-weight-missing": "dose itp",
    "error-catalogue-unusable": "dose itp --weight 70 --catalogue bad/duplicate-key.yaml",
    # the catalogue
    "list-policies": "list policies",
    "list-rules": "list rules",
    "show-regimen": "show itp-daily",
    "show-indication": "show kawasaki",
    "show-product": "show octagam-5-us",
    "show-policy": "show australia-2026",
}
