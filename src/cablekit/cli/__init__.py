"""The command line: thin commands that read options, call the library and print.

Only click is imported until a command runs, so that ``--help`` and completion answer at once; and a command's module
only when that command is wanted.
"""

from __future__ import annotations

import atexit
import gc
import os

import click

from cablekit import __version__
from cablekit.cli.program import Program

# Pydantic looks through all installed packages for plug-ins of its own, which takes longer than reading a cable.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

# Imports and cables make many objects and hardly any garbage: looking for it often, and once more at the end, takes a
# tenth of the time of a short command.
gc.set_threshold(100_000, 50, 100)
atexit.register(gc.freeze)

COMMANDS = {
    "archive": "build",
    "convert": "convert",
    "diff": "show",
    "info": "archive",
    "merge": "archive",
    "parse": "parse",
    "posts": "vocabulary",
    "rejected": "rejected",
    "reparse": "archive",
    "schema": "schema",
    "search": "search",
    "show": "show",
    "sources": "sources",
    "tags": "vocabulary",
    "upgrade": "archive",
    "verify": "archive",
}
"""Command → the module of this package that holds it. A module is imported when its command is wanted."""

EPILOG = """
\b
Exit codes:
  0    all was read, or found
  1    something could not be read, or was not found
  2    the command was not understood
  3    no cable could be read
  4    the output could not be written
  130  interrupted
  141  whoever read the output went away

Output is coloured on a terminal only. NO_COLOR=1 switches colours off, FORCE_COLOR=1 keeps them in a pipe.

Grammars are built at the first run and kept in the user's cache folder; CABLEKIT_CACHE=FOLDER keeps them elsewhere,
CABLEKIT_CACHE=off nowhere.

\b
Completion of commands, options and files:
  bash   eval "$(_CABLEKIT_COMPLETE=bash_source cablekit)"
  zsh    eval "$(_CABLEKIT_COMPLETE=zsh_source cablekit)"
  fish   _CABLEKIT_COMPLETE=fish_source cablekit | source
"""


@click.group(cls=Program, modules=COMMANDS, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cablekit", message="%(prog)s %(version)s")
def main() -> None:
    """Read US State Department cables.

    \b
    Example:
      cablekit parse 08BISHKEK94.txt
      cablekit parse --jsonl dump.zip > cables.jsonl
      cablekit sources dump.zip
      cablekit tags KCRM
    """
