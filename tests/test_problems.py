"""What is said against an input: problems, notices and refusals carry what a reader needs, with safe defaults."""

from ivig_dose.problems import CatalogueError, Notice, Position, Problem, Refusal


def test_a_problem_is_an_error_unless_it_says_that_it_is_advice():
    problem = Problem("regimens.yaml", Position(10, 17), "regimens.x", "40 is above 4", "dose-above-ceiling")
    assert problem.severity == "error"
    assert problem.position is not None
    assert (problem.position.line, problem.position.column) == (10, 17)


def test_a_catalogue_error_keeps_every_problem_and_counts_them():
    problems = (Problem("a.yaml", None, "", "empty", "empty-file"), Problem("a.yaml", None, "", "odd", "odd"))
    error = CatalogueError(problems)
    assert error.problems == problems
    assert str(error) == "2 problem(s) in the catalogue"


def test_a_refusal_is_clinical_unless_it_says_that_the_request_could_not_be_read():
    refusal = Refusal("day-limit", "too much for a day")
    assert refusal.kind == "refused"
    assert (refusal.hint, refusal.sources) == ("", ())


def test_a_notice_without_sources_has_none():
    assert Notice("weight-unusual", "warning", "check it").sources == ()
