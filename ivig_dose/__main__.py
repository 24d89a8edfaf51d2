"""The command `ivig-dose`, also run as `python -m ivig_dose`."""

import sys


def main() -> None:
    """Run the command line. `--version` alone is answered before anything heavy is imported."""
    if sys.argv[1:] == ["--version"]:
        from ivig_dose import __version__

        sys.stdout.write(f"ivig-dose {__version__}\n")
        return
    from ivig_dose.stopping import end_cleanly_when_stopped

    end_cleanly_when_stopped()
    from ivig_dose.cli.main import run

    run()


if __name__ == "__main__":
    main()
