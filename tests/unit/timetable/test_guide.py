"""The guide tells people to type what exists: every verb and every option in it is one of this program's, every picture is there."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from tests.fakes.office import ROOT, intake

GUIDE = (ROOT / "docs" / "GUIDE.md").read_text("utf-8")
GROUPS = ("synthesis", "notify", "letters", "held")


def commands() -> list[str]:
    """Lines of the guide that begin with the program's name, without the explanation set beside them."""
    return sorted({re.split(r"\s{2,}|\s>", line.strip())[0] for line in GUIDE.splitlines() if re.match(r"^    intake ", line)})


@cache
def help_of(*verb: str) -> str:
    done = intake(*verb, "--help")
    assert done.returncode == 0, done.stderr
    return re.sub(r"\s+", " ", done.stdout.decode())


@pytest.mark.parametrize("command", commands())
def test_a_command_of_the_guide_exists(command: str) -> None:
    """Verb by verb, option by option."""
    words = shlex.split(command)[1:]
    if words[:1] == ["--by"]:
        words = words[2:]
    verb = words[:2] if words[0] in GROUPS and len(words) > 1 else words[:1]
    text = help_of(*verb)
    for option in (word for word in words if word.startswith("--")):
        assert option in text, f"{verb} has no {option}"


def test_the_guide_has_commands_and_its_pictures_are_there() -> None:
    """The test above looks at something; each picture is a file beside the guide."""
    assert len(commands()) > 30
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", GUIDE)
    assert len(pictures) >= 5
    for name in pictures:
        assert (Path(ROOT) / "docs" / name).read_bytes().startswith(b"\x89PNG")
