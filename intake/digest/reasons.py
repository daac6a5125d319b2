"""Why something waits or failed, in the reader's language; words of a server or a library beside it, quoted as theirs.

The record's and the doors' reasons are English sentences (data: rules and logs read them). Each has a key here, and its sentence in
templates/digest; a test finds every one of them where it is written. What is not known here is quoted whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from intake.digest.tasks import cut
from intake.model.direction import isolated

_LONGEST_SAID = 200
"""Signs shown of what a server said."""


class Told(Struct, frozen=True, kw_only=True):
    """`text`: our words, in the reader's language. `said`: somebody else's, as they stand; "" when there are none."""

    text: str = ""
    said: str = ""

    @property
    def language(self) -> str:
        """Language of `said`: servers answer in ASCII and mean English (RFC 5321); of anything else nobody has told us."""
        return "en" if self.said.isascii() else "und"

    def quoted(self, words: Mapping[str, Any], reader: str) -> str:
        """`said` between the reader's quotation marks."""
        return str(words["mark"]["quote"].format(text=isolated(self.said, reader))) if self.said else ""

    def whole(self, words: Mapping[str, Any], reader: str) -> str:
        """Both in a line."""
        return str(words["mark"]["colon"].join(filter(None, (self.text, self.quoted(words, reader)))))


DOUBTS = {
    r"authentication: our own host's DMARC check failed": "dmarc",
    r"authentication: a State's name, and our own host's SPF check failed": "spf",
    r"junk: found in the junk folder or marked as spam by our own host": "junk",
    r"nobody is named": "unnamed",
    r"neither organization nor country is known": "unplaced",
    r"the category cannot be told": "uncategorized",
    r"the category is a guess": "guessed",
    r"a new version comes from another sender": "version",
    r"an addition comes from another sender": "addition",
    r"the same text as (?P<of>\S+), of another respondent": "twin",
    r"the response of this sender before was excluded by a decision": "excluded",
    r"a withdrawal was asked for; a person confirms": "withdrawal",
}
"""How the record says why a response is held -> the sentence of the digest's own tables."""

ASIDE = {
    r"messages attached deeper than (?P<n>\d+)": "depth",
    r"nested deeper than (?P<n>\d+)": "depth",
    r"more than (?P<n>\d+) parts": "parts",
    r"more than (?P<n>\d+) headers": "headers",
    r"headers larger than (?P<n>\d+) bytes": "header_bytes",
    r"more than (?P<n>\d+) encoded words": "encoded_words",
    r"took too long: more than (?P<n>\d+) s to read": "slow",
    r"reader died: .*": "died",
    r"could not be read: (?P<said>.*)": "failed",
    r"sorting failed: (?P<said>.*)": "sorting",
    r"object [0-9a-f]+ cannot be read: (?P<said>.*)": "disk",
    r"object [0-9a-f]+ is damaged: .*": "damaged",
}
"""Why a message is set aside."""

FAULTS = {
    r"\S+: its certificate cannot be trusted: (?P<said>.*)": "certificate",
    r"\S+: does not speak TLS there as it must \((?P<said>.*)\): .*": "tls",
    r"\S+: TLS failed \((?P<said>.*)\)": "tls_failed",
    r"\S+: log-in is not possible now: (?P<said>.*)": "login_later",
    r"\S+: log-in as (?P<user>.*?) was refused: (?P<said>.*)": "login",
    r"\S+: the connection broke off: (?P<said>.*)": "broken",
    r"\S+: cannot be reached: (?P<said>.*)": "unreachable",
    r"\S+: folder '(?P<folder>.*?)' cannot be opened: (?P<said>.*)": "folder",
    r"\S+: folder '(?P<folder>.*?)' was numbered anew; .*": "renumbered",
    r"\S+: the server says good-bye": "closed",
    r"\S+: says that we are logged in before TLS; .*": "unsafe",
    r"\S+: offers no STARTTLS; .*": "unsafe",
    r"\S+: without TLS only this machine itself may be asked": "unsafe",
    r"\S+: gives no token to client \S+: (?P<said>.*)": "token",
    r"\S+: no token now: (?P<said>.*)": "token",
    r".*: too little room on the disk .*": "room",
    r".*: too few inodes left on the disk .*": "room",
}
"""Why a mailbox cannot be looked at; before the colon stands where."""

FAILED = {
    r"not an address that mail can be sent to: (?P<said>.*)": "address",
    r"no answer to the final dot: (?P<said>.*)": "no_answer",
    r"no answer to two copies": "two_copies",
}
"""Why a letter is not delivered, where a server has not said it."""


LETTERS = {
    r"Auto-Submitted: (?P<said>.*): automatic mail is not answered \(RFC 3834\)": "automatic",
    r"it came from the null address, which is not answered \(RFC 3834\)": "null_sender",
    r"the form did not prove that the address is the respondent's": "form",
    r"our own host marked the message as spam": "spam",
    r"our own host did not authenticate the sender whose words it repeats": "unauthenticated",
    r"our own host could not authenticate the sender": "sender",
    r"the address cannot be written to safely": "unsafe",
    r"more than (?P<n>\d+) letters to this address in a day": "cap_address",
    r"more than (?P<n>\d+) letters to this domain in a day": "cap_domain",
    r"more than (?P<n>\d+) letters in an hour": "cap_hour",
    r"the ledger was built again; .*": "rebuilt",
}
"""Why a letter of ours waits for a person, in the rows of a sheet."""


def told(reason: str, known: Mapping[str, str], words: Mapping[str, str]) -> Told:
    """A reason in the sentences of a room of templates/digest; one that is not `known` is quoted whole after the sentence `other`."""
    for pattern, key in known.items():
        found = re.fullmatch(pattern, reason, re.S)
        if found is not None:
            groups = found.groupdict()
            return Told(said=groups.pop("said", "") or "", text=words[key].format(**groups))
    return Told(text=words["other"], said=reason) if reason else Told()


def doubts(reasons: str, words: Mapping[str, Any]) -> str:
    """The record's reasons to hold a response, parted by semicolons; what is not known here stays as it is."""
    for pattern, key in DOUBTS.items():
        reasons = re.sub(pattern, lambda found, key=key: words["doubt"][key].format(**found.groupdict()), reasons)  # type: ignore[misc]
    return reasons.replace("; ", words["mark"]["semicolon"])


def shown_of(reason: Told, words: Mapping[str, Any], language: str) -> dict[str, str]:
    """For a template: `because` in our words, `quoted` in theirs with the `tongue` they are in, `whole` both."""
    quoted, whole = reason.quoted(words, language), reason.whole(words, language)
    return {"because": reason.text, "quoted": quoted, "tongue": reason.language, "whole": whole}


def shortened(reason: Told) -> Told:
    """What was said cut to what a letter has room for."""
    return Told(text=reason.text, said=cut(reason.said, _LONGEST_SAID))
