"""The program's front: options for every verb, errors to words and exit codes (sysexits)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from intake import __version__
from intake.cli.common import Context
from intake.cli.verbs import LateVerbs
from intake.errors import BadUsage, IntakeError, Misconfigured

app = typer.Typer(
    cls=LateVerbs,
    name="intake",
    help="From the mailbox of a public consultation to the consolidated document on the group's table.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"consultation-intake {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[Path, typer.Option(help="The configuration file.", envvar="INTAKE_CONFIG")] = Path("config/intake.toml"),
    by: Annotated[str, typer.Option(help="The officer who acts.", envvar="INTAKE_BY")] = "officer",
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,  # noqa: ARG001
) -> None:
    """Options that stand before the verb."""
    context.obj = Context(config=config, by=by)


_WRONG_WORDS: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""What typer raises for a wrong command line; it gives the type no public name."""


def main() -> None:
    """Run the command line. Exit codes: 0, 64 usage, 65 data, 69 unavailable, 70 our fault, 75 try again, 78 configuration."""
    try:
        code = app(standalone_mode=False)
    except typer.Exit as error:
        sys.exit(error.exit_code)
    except typer.Abort:
        sys.exit(130)
    except _WRONG_WORDS as error:
        print(f"intake: {error}\nTry: intake --help", file=sys.stderr)
        sys.exit(BadUsage.exit_code)
    except Misconfigured as error:
        print("The configuration cannot be used:", file=sys.stderr)
        for problem in error.problems:
            print(f"  - {problem}", file=sys.stderr)
        sys.exit(error.exit_code)
    except IntakeError as error:
        print(f"intake: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)
