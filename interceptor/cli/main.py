"""Entry point: reads the arguments, runs one subcommand, turns errors into messages and exit statuses."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from interceptor import __version__
from interceptor.errors import FaultyFileError, InterceptorError
from interceptor.quiet import describe

DONE, AT_FAULT, WRONG_CALL, DEFECT = 0, 1, 2, 70
"""Exit statuses: done; the thing checked is at fault; the call is; this program is (EX_SOFTWARE)."""

COMMANDS = ("serve", "demo", "check", "lists", "banner", "report", "config", "keeper")
"""Modules of this package that have ``add(subparsers)``; in the order in which ``--help`` shows them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line ``arguments`` (default: the process's own); returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="interceptor",
        description="Shows a warning and a way to help where someone searches for child sexual abuse material.",
        epilog="Start with: interceptor demo",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version, and exit")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    arguments = sys.argv[1:] if arguments is None else arguments
    # What one command needs of the others' modules is nothing, and a service is to start soon.
    called = next((argument for argument in arguments if not argument.startswith("-")), None)
    # Nothing that is imported becomes garbage; looking for some meanwhile takes a tenth of the time.
    gc.disable()
    for command in (called,) if called in COMMANDS else COMMANDS:
        import_module(f"interceptor.cli.{command}").add(subparsers)
    gc.enable()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except FaultyFileError as error:
        print(error, file=sys.stderr)
        return AT_FAULT
    except InterceptorError as error:
        print(f"interceptor: {error}", file=sys.stderr)
        return WRONG_CALL
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has gone; nothing is left to tell it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as fault:
        # A traceback ends with the exception's message, which may hold a query or a term of a list.
        print(f"interceptor: a defect of this program: {describe(fault)}; please report it", file=sys.stderr)
        return DEFECT


if __name__ == "__main__":
    sys.exit(main())


class _Version(argparse.Action):
    """Tells the version, and whether the part of the matching that can be compiled is."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print, and exit."""
        # Few calls ask, and the import takes a third of a second.
        from interceptor.matching.prefilter import IS_COMPILED

        print(f"{parser.prog} {__version__}, matching {'compiled' if IS_COMPILED else 'not compiled'}")
        parser.exit()
