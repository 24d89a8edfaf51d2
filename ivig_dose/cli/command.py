"""What every command shares: strict options, help that leads with examples, and options read into one object."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from ivig_dose.cli import terminal
from ivig_dose.cli.boundary import CommandUsageError


class Options:
    """The options of one command as typed. A subclass declares them as annotated fields with their defaults.

    `PANEL` is the heading under which help shows the options that a class declares itself.
    """

    PANEL = ""

    def __init__(self, **values: Any) -> None:
        vars(self).update(values)


AnyOptions = TypeVar("AnyOptions", bound=Options)


def takes(kind: type[AnyOptions]) -> Callable[[Callable[[AnyOptions], None]], Callable[..., None]]:
    """Let a command that takes one object of `kind` appear to Typer as one that takes each of its options."""

    def decorate(command: Callable[[AnyOptions], None]) -> Callable[..., None]:
        def run_with_options(**values: Any) -> None:
            command(kind(**values))

        run_with_options.__doc__ = command.__doc__
        run_with_options.__signature__ = _list_options(kind)  # type: ignore[attr-defined]
        return run_with_options

    return decorate


def _list_options(kind: type[Options]) -> inspect.Signature:
    declared: dict[str, Any] = {}
    for each in reversed(kind.__mro__):
        own = inspect.get_annotations(each)
        for annotation in own.values():
            for option in annotation.__metadata__:
                option.rich_help_panel = option.rich_help_panel or each.__dict__.get("PANEL") or None
        declared.update(own)
    return inspect.Signature(
        [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=getattr(kind, name, inspect.Parameter.empty),
                annotation=annotation,
            )
            for name, annotation in declared.items()
        ]
    )


class _ExamplesFirst:
    """Help whose first lines are the examples (given as the command's epilog)."""

    epilog: str | None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the examples, then usage, description and options in Typer's panels."""
        examples, self.epilog = self.epilog, None
        if examples:
            from ivig_dose.report.tables.words import stack, write, write_verbatim

            lines = [write_verbatim(f"  {line}") for line in inspect.cleandoc(examples).splitlines()]
            terminal.show(stack([write(("Examples:", "strong")), *lines]))
        super().format_help(ctx, formatter)  # type: ignore[misc]  # the class mixed into has it
        self.epilog = examples


class StrictCommand(_ExamplesFirst, TyperCommand):
    """A command that refuses an option given twice or without content.

    The last of two weights must not win in silence, and the empty variable of a script must not mean "no product".
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments. Raises `CommandUsageError` for a repeated or an empty option."""
        if not ctx.resilient_parsing:
            values, _, given = self.make_parser(ctx).parse_args(args=list(args))
            for option in self.params:
                value = values.get(str(option.name))
                if given.count(option) > 1 and not option.multiple:
                    raise CommandUsageError(f"{'/'.join(option.opts)} is given more than once", "give it once")
                if any(isinstance(each, str) and not each.strip() for each in _as_list(value)):
                    raise CommandUsageError(f"{'/'.join(option.opts)} is empty", "give a value, or leave it out")
        return super().parse_args(ctx, args)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class CommandGroup(_ExamplesFirst, TyperGroup):
    """A command that has commands of its own."""


def new_app(add_completion: bool = False, **settings: Any) -> typer.Typer:
    """A Typer app with this tool's settings: help in panels, no traceback panels."""
    return typer.Typer(
        add_completion=add_completion,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        **settings,
    )
