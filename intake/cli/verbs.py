"""Every verb with its line in `--help`; its module is imported when the verb is used.

The help of the program and the short verbs answer at once: a verb pays for the libraries that it needs itself and for no others.
A test holds this table against the modules.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

VERBS: dict[str, tuple[str, str]] = {
    "check": ("look", "Configuration, templates, clock, log-in and rights: read-only; every fault in one list."),
    "status": ("look", "Where every round stands: the sums, the letters, the folders."),
    "responses": ("look", "Every response of a round, one a line."),
    "show": ("look", "All that is known of one response: NUMBER is its public number, its id, or a receipt number."),
    "silence": ("silence", "Who of the last round has not been heard from, with an invitation drafted for each; nothing is sent."),
    "timetable": ("days", "The round's days with the clause each comes from, what is due, done, late, and by how many days off the rule."),
    "extend": ("days", "Extend the deadline for responses: a decision of a named officer, which can be undone like any other."),
    "compliance": ("days", "The compliance sheet of a round for the Chair's report: every day, its rule, what was done, days off, reason."),
    "notify": ("notify", "Tell respondents what happened: an extension, publication, the outcome; or ask for what is missing."),
    "synthesis": ("synthesis", "The synthesis report and what is made of it."),
    "report": ("days", "Paragraphs and table of figures for the Chair's report; what does not reconcile is refused."),
    "run": ("work", "The daemon: looks at the mailboxes, judges, sends, writes digests and drafts until it is told to stop."),
    "poll": ("work", "One cycle: every folder once, then judge and send what is due."),
    "ingest": ("work", "One message from standard input, as a mail server's pipe delivers it; exit 75 when it could not be stored."),
    "digest": ("work", "The daily letter to the secretariat; with --as-of the one of that instant, shown only."),
    "compile": ("work", "Build the draft of the consolidated document, unnumbered and stamped DRAFT."),
    "release": ("work", "Freeze the compilation as the next Rev. n, with its change list: by a named officer, and a second where the house wants two."),
    "import": ("bring", "Take in messages from files, the same way as from the mailbox; they are not answered unless asked for."),
    "register": ("bring", "Register a response that came on paper, by telephone or as a scan: the act of a named officer."),
    "decide": ("decide", "Record a decision; it outranks every later run and can be undone."),
    "sheet": ("sheet", "What waits for a decision as a spreadsheet: one row a matter, with the decisions that fit and a place for the reason."),
    "apply": ("sheet", "Follow a decision sheet, row by row; what cannot be followed is refused by line. Exit 65 when any row was refused."),
    "withheld": ("decide", "What is proposed or decided to be withheld of a response, with the words: for officers; the look is journalled."),
    "held": ("decide", "Messages set aside: the program could not finish with them."),
    "letters": ("decide", "Letters waiting, approved, paused."),
    "verify": ("keep", "Check objects, receipts, decisions, sums and the journal. Repairs nothing; exit 65 when something is wrong."),
    "export": ("keep", "Hand the record or the mail over in a form that reads without this program."),
    "rebuild": ("vault", "Build the ledger again from the vault and the journal; the old one is set aside, letters are held."),
    "backup": ("vault", "Copy what is new and freeze a snapshot, also while the daemon runs; journalled. Exit 65 when the vault itself has spoilt objects."),
    "restore": ("vault", "Bring a state folder back, checked, with every erasure done again; letters not sent yet are held."),
    "erase": ("vault", "Forget a response for good: its octets, what was read from them, the words of decisions; a tombstone stays. No undo."),
    "inspect": ("inspect", "Show how messages read and would be sorted, and why."),
    "rehearse": ("rehearse", "Play a round in simulated time: what would have been answered, counted and printed, and when."),
    "demo": ("demo", "A whole round on this machine: 30 messages in six languages, answered, counted and compiled."),
}  # fmt: skip


class LateVerbs(TyperGroup):
    """The program's group: knows every verb's name and line, and loads a verb when it is asked for."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, (_module, line) in VERBS.items():
            self.add_command(TyperCommand(name, help=line))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - the signature is the group's
        """The real verb; None when there is none of that name."""
        return load_verb(cmd_name) if cmd_name in VERBS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - the signature is the group's
        """The table as it stands above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_module, line) in VERBS.items()])


def load_verb(name: str) -> Any:
    """Import the verb's module and build its command."""
    verbs = typer.Typer()
    verbs.callback()(_nothing)  # with a callback typer builds a group also where a module has a single verb
    import_module(f"intake.cli.{VERBS[name][0]}").register(verbs)
    group = typer.main.get_command(verbs)
    assert isinstance(group, TyperGroup)
    return group.commands[name]


def _nothing() -> None:
    """The group that load_verb takes apart does nothing itself."""
