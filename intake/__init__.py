"""consultation-intake: from the mailbox of a public consultation to the consolidated document."""

__version__ = "0.1.0"
