"""The command line under a fuzzer: no traceback, no hang, a verdict from the list, and figures that agree.

`FUZZ_EXAMPLES=20000 python -m pytest tests/fuzz` runs as many examples in all instead of the few of the ordinary suite.
"""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.calling import call
from tests.fuzz.command_lines import as_arguments, command_lines, hostile_texts, other_lines, right_options
from tests.fuzz.promises import (
    check_form,
    check_order,
    check_plan,
    check_privacy,
    check_stop,
    check_streams,
    read_json,
)

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "300"))


def fuzz(share):
    """Settings for a test that has this share of all examples."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
    return settings(max_examples=max(int(EXAMPLES * share), 10), deadline=None, suppress_health_check=slow)


@fuzz(0.4)
@given(command_lines())
def test_any_command_line_gets_an_answer_in_its_form(line):
    command = line.arguments[0]
    answer = call(*line.arguments)

    check_stop(answer)
    check_privacy(answer, line.untouched, line.arguments)
    if line.values:
        check_streams(answer, command)
        check_form(answer, line.form, command)
    else:
        # a slip may ask for help, another form, or another command
        check_streams(answer, command, {0, 2, 3, 4, 6})
        if answer.out.startswith("{"):
            read_json(answer.out)


@fuzz(0.25)
@given(right_options())
def test_the_figures_of_a_plan_agree(values):
    answer = call("dose", *flatten(values), "--json")
    check_streams(answer, "dose")
    if answer.code != 0:
        return
    check_plan(read_json(answer.out), values)

    again = call("replay", "-", "--json", stdin=answer.out.encode())
    assert (again.code, again.err) == (0, ""), again


@fuzz(0.1)
@given(right_options(), st.sampled_from([" g/day", " g/course", " g/kg/day", " g/kg/course"]), st.integers(1, 400))
def test_the_verdict_on_an_order_agrees_with_its_percent(values, unit, amount):
    values = {**values, "--ordered": f"{amount / 100 if 'kg' in unit else amount:g}{unit}"}
    answer = call("check", *flatten(values), "--json")
    check_streams(answer, "check")
    if answer.code in (0, 6):
        check_order(read_json(answer.out), answer, values)


@fuzz(0.05)
@given(right_options(with_product=True))
def test_an_order_for_what_the_plan_gives_matches(values):
    if float(values.get("--tolerance", "10").removesuffix("%")) > 20:
        return  # more than an order may be off
    plan = call("dose", *flatten(values), "--json")
    if plan.code != 0:
        return
    course_g = read_json(plan.out)["rounding"]["course_g"]
    assert call("check", *flatten(values), "--ordered", f"{course_g} g/course").code == 0


@fuzz(0.1)
@given(other_lines())
def test_any_other_command_gets_an_answer(line):
    answer = call(*line)
    check_streams(answer, line[0], {0, 2, 3, 4})
    if answer.code == 0 and "--json" in line and answer.out.lstrip()[:1] in "[{":
        read_json(answer.out)


@fuzz(0.1)
@given(right_options(), st.data())
def test_a_damaged_plan_is_never_replayed_as_a_plan(values, data):
    plan = call("dose", *flatten(values), "--json")
    if plan.code != 0:
        return
    text = plan.out
    at = data.draw(st.integers(0, len(text) - 1))
    kind = data.draw(st.sampled_from(["cut", "insert", "swap", "nothing left"]))
    if kind == "cut":
        text = text[:at]
    elif kind == "insert":
        text = text[:at] + data.draw(hostile_texts()) + text[at:]
    elif kind == "swap":
        words = text.split('"')
        word = data.draw(st.integers(0, len(words) - 1))
        words[word] = data.draw(hostile_texts())
        text = '"'.join(words)
    else:
        rests = ["", "{}", "[]", "null", "[[[[", "[" * 100_000, '{"schema": 1}', "\ufeff" + text]
        text = data.draw(st.sampled_from(rests))
    form = data.draw(st.sampled_from([(), ("--json",)]))
    answer = call("replay", "-", *form, stdin=text.encode("utf-8", "surrogatepass"))
    check_streams(answer, "replay")


def flatten(values):
    """The arguments of these options."""
    return [part for name, text in as_arguments(values) for part in (name, text) if part]
