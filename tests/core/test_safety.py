"""Safety rules: what holds, what does not, and what could not be checked because a fact is unknown."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivig_dose.catalogue.models import Bounds, Catalogue, Condition, Product, Risk, SafetyRule
from ivig_dose.core.conditions import Facts, OrderFacts, all_of, any_of
from ivig_dose.core.results import Patient
from ivig_dose.core.risks import Risks, read_risks
from ivig_dose.core.safety import judge_facts, prepare_rules
from ivig_dose.core.timing import Timing
from ivig_dose.problems import Refusal
from ivig_dose.quantity import Ratio
from tests.core.asking import ask, notice, notice_ids, plan, refusal

D = Decimal
ORDER = OrderFacts(
    "itp", "itp-daily", "acute", days=5, cycles=1, product=None, weight_policy="actual", excipients=None, risks=Risks()
)
UNKNOWN = Facts(
    course_g_per_kg=Ratio(D(2)),
    day_g_per_kg=Ratio(D("0.4")),
    course_g=Ratio(D(140)),
    day_g=Ratio(D(28)),
    rate_ml_per_kg_per_h=None,
    days_g=(Ratio(D(28)),) * 5,
    dosing_kg=Ratio(D(70)),
    timing=Timing((0, 1, 2, 3, 4), 1, 1, ()),
    patient=Patient(D(70), height_cm=None, sex=None, age_years=None, blood_group=None, bmi=None),
)


def a_rule(level="warning", id_="rule", hint=None, **when):
    condition = Condition(**when) if when else None
    return SafetyRule(
        id=id_, title="t", level=level, text="text", status="VERIFIED", sources=("s",), when=condition, hint=hint
    )


def judge(rules, **known):
    """The verdict for an order and a patient of whom nothing but `known` is known."""
    of_order = {name: value for name, value in known.items() if name in OrderFacts._fields}
    of_dose = {name: value for name, value in known.items() if name in Facts._fields}
    of_patient = {name: value for name, value in known.items() if name not in of_order | of_dose}
    facts = UNKNOWN._replace(patient=UNKNOWN.patient._replace(**of_patient), **of_dose)
    return judge_facts(prepare_rules(rules, ORDER._replace(**of_order)), facts)


def outcome(rule, **known):
    """True where the rule holds, False where not, else the facts that were missing."""
    verdict = judge([rule], **known)
    if verdict.notices or verdict.stop:
        return True
    return verdict.not_checked or False


# --- known, known not, unknown


@pytest.mark.parametrize(
    ("when", "facts", "expected"),
    [
        ({}, {}, True),  # no condition: every dose
        ({"indications": ("itp",)}, {}, True),
        ({"indications": ("gbs",)}, {}, False),
        ({"except_indications": ("itp",)}, {}, False),
        ({"except_indications": ("gbs",)}, {}, True),
        ({"phases": ("acute", "rescue")}, {}, True),
        ({"phases": ("replacement",)}, {}, False),
        ({"regimens": ("itp-daily",)}, {}, True),
        ({"regimens": ("x",)}, {}, False),
        ({"products": ("privigen-us",)}, {}, False),  # no product is named, so it is not that one
        ({"products": ("privigen-us",)}, {"product": "privigen-us"}, True),
        ({"weight_policies": ("actual", "ideal")}, {}, True),
        ({"weight_policies": ("ontario",)}, {}, False),
        ({"days": Bounds(at_most=D(1))}, {}, False),
        ({"days": Bounds(at_most=D(5))}, {}, True),
        ({"course_g_per_kg": Bounds(at_least=D(2))}, {}, True),
        ({"course_g_per_kg": Bounds(over=D(2))}, {}, False),
        ({"course_g_per_kg": Bounds(under=D(2))}, {"course_g_per_kg": Ratio(D(6), D(3))}, False),
        ({"course_g_per_kg": Bounds(under=D(2))}, {"course_g_per_kg": Ratio(D("5.999"), D(3))}, True),
        ({"day_g_per_kg": Bounds(over=D("0.4"))}, {}, False),
        ({"course_g": Bounds(at_least=D(140))}, {}, True),
        ({"day_g": Bounds(over=D(28))}, {}, False),
        ({"age_years": Bounds(at_least=D(65))}, {}, ("age",)),
        ({"age_years": Bounds(at_least=D(65))}, {"age_years": D(65)}, True),
        ({"age_years": Bounds(over=D(65))}, {"age_years": D(65)}, False),
        ({"sex": "F"}, {}, ("sex",)),
        ({"sex": "F"}, {"sex": "M"}, False),
        ({"blood_group": ("A", "B", "AB")}, {}, ("blood group",)),
        ({"blood_group": ("A", "B", "AB")}, {"blood_group": "AB"}, True),
        ({"blood_group": ("A", "B", "AB")}, {"blood_group": "O"}, False),
        ({"excipients": ("maltose",)}, {}, ("product",)),
        ({"excipients": ("maltose",)}, {"excipients": frozenset({"glycine"})}, False),
        ({"excipients": ("maltose", "proline")}, {"excipients": frozenset({"proline"})}, True),
        ({"rate_ml_per_kg_per_h": Bounds(over=D("2.4"))}, {}, ("infusion rate",)),
        ({"rate_ml_per_kg_per_h": Bounds(over=D("2.4"))}, {"rate_ml_per_kg_per_h": Ratio(D("2.4"))}, False),
        ({"rate_ml_per_kg_per_h": Bounds(over=D("2.4"))}, {"rate_ml_per_kg_per_h": Ratio(D("2.5"))}, True),
        ({"risks_any": ("a", "b")}, {}, ("a", "b")),
        ({"risks_any": ("a", "b")}, {"risks": Risks(frozenset("a"))}, True),
        ({"risks_any": ("a", "b")}, {"risks": Risks(absent=frozenset("a"))}, ("b",)),
        ({"risks_any": ("a", "b")}, {"risks": Risks(absent=frozenset("ab"))}, False),
        ({"risks_any": ("a", "b")}, {"risks": Risks(rest_absent=True)}, False),
        ({"risks_all": ("a", "b")}, {"risks": Risks(frozenset("ab"))}, True),
        ({"risks_all": ("a", "b")}, {"risks": Risks(frozenset("a"))}, ("b",)),
        ({"risks_all": ("a", "b")}, {"risks": Risks(absent=frozenset("b"))}, False),
        # one fact that is known not to hold settles it, whatever else is unknown
        ({"age_years": Bounds(at_least=D(65)), "indications": ("gbs",)}, {}, False),
        ({"age_years": Bounds(at_least=D(65)), "sex": "F"}, {"sex": "M"}, False),
        ({"age_years": Bounds(at_least=D(65)), "sex": "F"}, {"sex": "F"}, ("age",)),
    ],
)
def test_a_condition_holds_does_not_or_is_open_for_want_of_a_fact(when, facts, expected):
    assert outcome(a_rule(**when), **facts) == expected


OLD = Condition(age_years=Bounds(at_least=D(65)))
AT_RISK = Condition(risks_any=("a",))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("age", "a")),
        ({"age_years": D(70)}, True),
        ({"risks": Risks(frozenset("a"))}, True),
        ({"age_years": D(40)}, ("a",)),
        ({"age_years": D(40), "risks": Risks(rest_absent=True)}, False),
        ({"risks": Risks(rest_absent=True)}, ("age",)),
    ],
)
def test_one_of_several_conditions_is_enough(facts, expected):
    assert outcome(a_rule(any_of=(OLD, AT_RISK)), **facts) == expected


def test_a_rule_that_stops_ends_the_evaluation_with_no_dose():
    verdict = judge([a_rule("note"), a_rule("stop", "no", "ask a specialist", indications=("itp",)), a_rule()])
    assert verdict.stop == Refusal("no", "text", "ask a specialist", ("s",))
    assert (verdict.notices, verdict.not_checked) == ((), ())


def test_a_rule_that_stops_without_advice_has_no_hint():
    assert judge([a_rule("stop")]).stop == Refusal("rule", "text", "", ("s",))


@pytest.mark.parametrize(
    ("states", "every", "some", "missing"),
    [
        ([True, True], True, True, ([], [])),
        ([True, False], False, True, ([], [])),
        ([False, False], False, False, ([], [])),
        ([True, None], None, True, (["b"], [])),
        ([False, None], False, None, ([], ["b"])),
        ([None, None], None, None, (["a", "b"], ["a", "b"])),
    ],
)
def test_all_and_any_of_states_are_open_only_where_an_unknown_one_decides(states, every, some, missing):
    of_all, of_any = [], []
    assert all_of(states, ("a", "b"), of_all) is every
    assert any_of(states, ("a", "b"), of_any) is some
    assert (of_all, of_any) == missing


def test_a_note_that_lacks_its_fact_is_not_listed_as_unchecked():
    assert judge([a_rule("note", sex="F")]).not_checked == ()
    assert judge([a_rule("stop", sex="F")]).not_checked == ("sex",)


def test_missing_facts_are_named_once_the_plain_ones_first():
    rules = [
        a_rule(risks_any=("b", "a")),
        a_rule(excipients=("maltose",)),
        a_rule(blood_group=("A",)),
        a_rule(age_years=Bounds(at_least=D(65))),
        a_rule(age_years=Bounds(under=D(18))),
    ]
    assert judge(rules).not_checked == ("age", "blood group", "product", "a", "b")


conditions = st.fixed_dictionaries(
    {},
    optional={
        "sex": st.sampled_from(["F", "M"]),
        "age_years": st.just(Bounds(at_least=D(65))),
        "blood_group": st.sampled_from([("A",), ("A", "AB")]),
        "excipients": st.just(("maltose",)),
        "risks_any": st.sampled_from([("a",), ("a", "b")]),
        "risks_all": st.sampled_from([("a",), ("a", "b")]),
    },
)


@given(
    conditions,
    st.sampled_from(["F", "M"]),
    st.sampled_from([D(30), D(70)]),
    st.sampled_from(["O", "A", "AB"]),
    st.sampled_from([frozenset(), frozenset({"maltose"})]),
    st.frozensets(st.sampled_from("ab")),
    st.sets(st.sampled_from(["sex", "age_years", "blood_group", "excipients", "risks"])),
)
def test_learning_a_fact_never_turns_a_known_answer_round(when, sex, age, group, excipients, present, hidden):
    """With facts hidden the answer is the same or open, and where it is open only hidden facts are named."""
    known = {
        "sex": sex,
        "age_years": age,
        "blood_group": group,
        "excipients": excipients,
        "risks": Risks(present, rest_absent=True),
    }
    rule = a_rule(**when)
    full = outcome(rule, **known)
    assert full in (True, False), "with every fact known nothing is open"
    part = outcome(rule, **{name: value for name, value in known.items() if name not in hidden})
    names = {"age": "age_years", "blood group": "blood_group", "product": "excipients", "a": "risks", "b": "risks"}
    if part in (True, False):
        assert part == full
    else:
        assert {names.get(fact, fact) for fact in part} <= hidden


# --- reading risks


RISKS = {name: Risk(id=name, title=name, aliases=aliases) for name, aliases in {
    "thrombosis-risk": ("dvt",), "diabetes": (), "renal-impairment": ("ckd",)}.items()}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "present", "absent", "rest"),
    [
        ((), set(), set(), False),
        (("diabetes",), {"diabetes"}, set(), False),
        (("DVT", "no-diabetes"), {"thrombosis-risk"}, {"diabetes"}, False),
        (("No-Diabetes",), set(), {"diabetes"}, False),
        (("none",), set(), set(), True),
        (("None", "diabetes"), {"diabetes"}, set(), True),
        (("diabetes", "diabetes"), {"diabetes"}, set(), False),
    ],
)
def test_risks_are_stated_denied_or_all_denied(typed, present, absent, rest):
    assert read_risks(typed, RISKS) == Risks(frozenset(present), frozenset(absent), rest)


@pytest.mark.parametrize("name", ["diabetic", "no-diabetic", "no-", "", "no-dvt"])
def test_an_unknown_risk_is_refused_and_a_narrow_alias_denies_nothing(name):
    """A patient without a deep vein thrombosis may still carry another risk of clots."""
    answer = read_risks((name,), RISKS)
    assert isinstance(answer, Refusal)
    assert (answer.rule, answer.kind) == ("unknown-risk", "usage")
    assert answer.hint


def test_a_risk_both_stated_and_denied_is_refused():
    answer = read_risks(("ckd", "no-renal-impairment"), RISKS)
    assert isinstance(answer, Refusal)
    assert (answer.rule, answer.kind) == ("risk-both-ways", "usage")
    assert answer.message == "risk renal-impairment is both stated and denied"
    assert answer.hint == "leave out renal-impairment or no-renal-impairment"


def test_a_risk_is_present_absent_or_unknown():
    risks = Risks(frozenset({"a"}), frozenset({"b"}))
    assert (risks.state("a"), risks.state("b"), risks.state("c")) == (True, False, None)
    assert Risks(rest_absent=True).state("c") is False


# --- the shipped rules where they matter


@pytest.mark.parametrize(
    ("indication", "facts", "rule"),
    [
        ("itp", {"risks": ("iga-deficiency-with-antibodies",)}, "iga-antibodies-stop"),
        ("itp", {"risks": ("previous-severe-reaction",)}, "previous-severe-reaction-stop"),
        ("itp", {"risks": ("hyperprolinaemia",), "product": "privigen-us"}, "proline-hyperprolinaemia-stop"),
        ("itp", {"risks": ("hfi",), "product": "flebogamma-dif-5-us"}, "sorbitol-fructose-intolerance-stop"),
        ("pid", {"risks": ("corn-allergy",), "product": "octagam-5-us"}, "corn-allergy-octagam-5-stop"),
        ("bmt", {"regimen": "bmt-weekly", "age": "19.99"}, "bmt-under-20-stop"),
        ("bmt", {"regimen": "bmt-weekly"}, "age-needed"),
    ],
)
def test_a_contraindication_stops_the_dose_with_its_source(catalogue, indication, facts, rule):
    answer = refusal(catalogue, indication, "70", **facts)
    assert (answer.rule, answer.kind) == (rule, "refused")
    assert answer.hint
    assert answer.sources
    assert not any(char.isdigit() and " g" in answer.message for char in answer.message), "no gram is printed"


@pytest.mark.parametrize(
    ("indication", "facts"),
    [
        ("itp", {"risks": ("iga-deficiency",)}),
        ("itp", {"risks": ("hyperprolinaemia",), "product": "octagam-10-us"}),
        ("itp", {"risks": ("hyperprolinaemia",)}),  # no product named: nothing to stop yet
        ("itp", {"risks": ("hfi",), "product": "octagam-10-us"}),
        ("bmt", {"regimen": "bmt-weekly", "age": "20"}),
    ],
)
def test_what_is_no_contraindication_is_not_stopped(catalogue, indication, facts):
    assert not isinstance(ask(catalogue, indication, "70", **facts), Refusal)


# A child just under 2 weighs at most 2.5 x 17.1 kg, rounded up to 43 kg: above that the age is not asked for.
@pytest.mark.parametrize(
    ("weight", "age", "product", "rule"),
    [
        ("10", "1.99", "gammaplex-5", "sorbitol-under-2"),
        ("10", "2", "gammaplex-5", None),
        ("3.4", "0.02", "flebogamma-dif-5-us", "sorbitol-under-2"),
        ("10", "0.5", "flebogamma-dif-10-us", "sorbitol-under-2"),
        ("10", "0.5", "gammaplex-10", None),
        ("43", None, "gammaplex-5", "age-needed"),
        ("43.1", None, "gammaplex-5", None),
    ],
)
def test_a_product_with_sorbitol_is_for_nobody_under_2_years(catalogue, weight, age, product, rule):
    answer = ask(catalogue, "pid", weight, age=age, product=product, round="none")
    assert (answer.rule if isinstance(answer, Refusal) else None) == rule


@pytest.mark.parametrize("product", ["octagam-5-eu", "octagam-10-us", "octagam-10-eu"])
def test_corn_allergy_warns_with_every_other_product_with_maltose(catalogue, product):
    answer = plan(catalogue, "itp", "70", product=product, risks=("corn-allergy",))
    assert notice(answer, "corn-allergy-maltose").level == "warning"


@pytest.mark.parametrize(
    ("facts", "rule", "word"),
    [
        ({"risks": ("hyperprolinaemia",)}, "proline-hyperprolinaemia-stop", "proline"),
        ({"risks": ("corn-allergy",)}, "corn-allergy-maltose", "maltose"),
        ({"risks": ("hfi",)}, "sorbitol-fructose-intolerance-stop", "sorbitol"),
        ({"age": "1"}, "sorbitol-under-2", "sorbitol"),
    ],
)
def test_without_a_product_a_risk_of_some_products_is_said(catalogue, facts, rule, word):
    answer = plan(catalogue, "itp", "10", **facts)
    told = notice(answer, f"{rule}-product")
    assert told.level == "warning"
    assert f"not a product with {word}; name the product" in told.text
    assert f"{rule}-product" not in notice_ids(plan(catalogue, "itp", "70"))


@pytest.mark.parametrize(
    ("product", "indication", "age", "weight", "warned"),
    [
        ("privigen-us", "itp", "14.9", "50", True),
        ("privigen-us", "itp", "15", "50", False),
        ("privigen-us", "pid", "10", "30", False),
        ("octagam-10-us", "itp", "17", "60", True),
        ("panzyga-us", "cidp", "18", "60", False),
        ("qivigy", "pid", "17.9", "60", True),
        ("qivigy", "gbs", "17.9", "60", True),
        ("qivigy", "pid", None, "24", True),  # the weight of a child, and a label for adults
        ("qivigy", "pid", None, "25", False),
        ("asceniv", "pid", "11", "40", True),
    ],
)
def test_an_age_outside_the_products_label_is_a_warning(catalogue, product, indication, age, weight, warned):
    ids = notice_ids(plan(catalogue, indication, weight, age=age, product=product, round="none"))
    assert ("age-outside-label" in ids) == warned


def test_a_stop_that_waits_for_a_product_is_named_as_not_checked(catalogue):
    assert "product" in plan(catalogue, "itp", "70", risks=("hyperprolinaemia",)).not_checked


_NEARLY_2_G_PER_KG = {"regimen": "high-dose-divided", "g_per_kg": "1.9", "days": 2, "blood_group": "A"}


@pytest.mark.parametrize(
    ("indication", "weight", "facts", "rule", "warned"),
    [
        ("itp", "70", {"blood_group": "A"}, "haemolysis-non-o", True),  # 2 g/kg
        ("itp", "70", {"blood_group": "O"}, "haemolysis-non-o", False),
        ("itp", "70", {"blood_group": "A", "days": 4}, "haemolysis-non-o", False),  # 1.6 g/kg
        # 1.9 g/kg of 20 kg is 38 g; vials of 5 g and up give 2 x 20 g, which is 2 g/kg
        ("cidp", "20", _NEARLY_2_G_PER_KG, "haemolysis-non-o", False),
        ("cidp", "20", {**_NEARLY_2_G_PER_KG, "product": "privigen-us"}, "haemolysis-non-o", True),
        ("cidp", "20", {**_NEARLY_2_G_PER_KG, "product": "privigen-us", "round": "none"}, "haemolysis-non-o", False),
        ("pid", "70", {"blood_group": "AB"}, "haemolysis-ab", True),  # any dose
        ("pid", "70", {"blood_group": "A"}, "haemolysis-ab", False),
        ("itp", "70", {"age": "65"}, "thrombosis", True),
        ("itp", "70", {"age": "64.99", "risks": ("none",)}, "thrombosis", False),
        ("itp", "70", {"risks": ("dvt",)}, "thrombosis", True),
        ("itp", "70", {"risks": ("ckd",)}, "renal", True),
        ("pid", "70", {"product": "octagam-5-us", "risks": ("glucose-meter",)}, "maltose-glucose-meter", True),
        ("pid", "70", {"product": "privigen-us", "risks": ("glucose-meter",)}, "maltose-glucose-meter", False),
        ("tss", "70", {"regimen": "tss-single"}, "single-2g-elsewhere", False),
        ("cidp", "70", {"regimen": "cidp-eu-octagam", "days": 1}, "single-2g-elsewhere", True),
        ("kawasaki", "12", {}, "single-2g-elsewhere", False),
        ("mis-c", "12", {}, "single-2g-elsewhere", False),
        ("itp", "70", {"regimen": "itp-1g-2-days", "risks": ("heart-failure",)}, "volume-overload", True),
        ("itp", "70", {"risks": ("heart-failure",)}, "volume-overload", False),  # 0.4 g/kg a day
        ("pid", "70", {"g_per_kg": "0.2"}, "replacement-low-dose", True),
        ("pid", "70", {"g_per_kg": "0.3"}, "replacement-low-dose", False),
        ("itp", "70", {"age": "17.9"}, "live-vaccine", True),
        ("gbs", "70", {"days": 4}, "gbs-short-course", True),
        ("gbs", "70", {}, "gbs-short-course", False),
        ("itp", "70", {"risks": ("plex",)}, "plasma-exchange", True),
    ],
)
def test_a_warning_stands_where_it_matters_and_only_there(catalogue, indication, weight, facts, rule, warned):
    answer = plan(catalogue, indication, weight, **facts)
    assert (rule in notice_ids(answer)) == warned
    if warned:
        assert notice(answer, rule).level == "warning"
        assert notice(answer, rule).sources


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"risks": ("steroids",)}, "steroids-glucose"),
        ({}, "aseptic-meningitis"),
        ({"risks": ("first-infusion",)}, "first-infusion"),
        ({"risks": ("long-gap",)}, "first-infusion"),
        ({}, "assess-infusion"),
        ({"risks": ("measles-exposure-risk",)}, "measles-exposure-exception"),
    ],
)
def test_a_note_stands_where_it_matters(catalogue, facts, rule):
    assert notice(plan(catalogue, "itp", "70", **facts), rule).level == "note"


def test_the_igg_target_of_the_seed_stands_beside_todays(catalogue):
    text = notice(plan(catalogue, "pid", "70"), "igg-target").text
    assert "400 mg/dL" in text
    assert "600 mg/dL" in text


def test_silence_is_never_taken_for_safety(catalogue):
    """An unknown blood group, age and product are named; stated facts and denied risks are not."""
    assert set(plan(catalogue, "itp", "70").not_checked) >= {"age", "blood group", "product"}
    known = plan(catalogue, "itp", "70", age="40", sex="F", blood_group="O", product="privigen-us", risks=("none",))
    assert known.not_checked == ()


def test_a_product_whose_contents_are_not_listed_is_not_taken_to_be_free_of_them(catalogue):
    """A site's entry that replaces a product and leaves its excipients out must not silence the rules about them."""
    listed = catalogue.products["privigen-us"]
    bare = Product(**{**vars(listed), "excipients": ()})
    theirs = Catalogue(**{**vars(catalogue), "products": {**catalogue.products, bare.id: bare}})
    facts = {"product": "privigen-us", "risks": ("hyperprolinaemia",)}
    assert refusal(catalogue, "itp", "70", **facts).rule == "proline-hyperprolinaemia-stop"
    assert refusal(theirs, "itp", "70", **facts).rule == "excipients-not-listed"
    assert "product" in plan(theirs, "itp", "70", product="privigen-us").not_checked
