"""The verbs of the synthesis: worksheet, check, build, release; agree, freeze and annex for the brief summary."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from intake.cli.common import JsonOption, context_of, print_json, settings_of, tell
from intake.cli.common import wanted as wanted_formats
from intake.cli.days import FormatOption, LanguageOption, OutOption, hand_over, known_language
from intake.cli.look import RoundOption
from intake.doors.site import freeze_papers
from intake.errors import BadData, BadUsage
from intake.model.officer import Role
from intake.model.synthesis import Kind
from intake.pipeline.find import one_round
from intake.pipeline.synthesis import (
    FORMATS,
    annex,
    brief_noted,
    build_document,
    manifest_of,
    note_brief,
    note_release,
    refuse_draft,
    released_before,
    source_of,
    synthesize,
    today_of,
)
from intake.preparing import points_path, put_worksheet, synthesis_folder, worksheet_files
from intake.synthesis.brief import Frozen, sha256_of
from intake.wiring import open_configured

synthesis_app = typer.Typer(help="The synthesis report and what is made of it.", no_args_is_help=True)
KindArgument = Annotated[Kind, typer.Argument(help="Which document.")]
PointsOption = Annotated[Path | None, typer.Option("--points", help="Another points file than the one in the state folder.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (worksheet, check, build, release, agree, freeze):
        synthesis_app.command()(verb)
    synthesis_app.command("annex")(annex_)
    app.add_typer(synthesis_app, name="synthesis")


def _points(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise BadUsage(f"{path}: there is no such file; `intake synthesis worksheet` makes one to begin with") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(f"{path}: cannot be read: {error}") from error


def worksheet(context: typer.Context, round_id: RoundOption = None, language: LanguageOption = None) -> None:
    """Write the worksheet anew: question by respondent, passages ranked and grouped. Points files are made once, then yours."""
    settings = settings_of(context)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        state_dir = settings.service.state_dir
        files, matrix = worksheet_files(office, consultation, known_language(language or office.language), state_dir)
    first, *begun = put_worksheet(files, state_dir, consultation.id)
    tell(f"{first}: {sum(map(len, matrix.cells.values()))} passages, {len(matrix.groups)} groups")
    for path in begun:
        tell(f"{path}: to begin with; from now on it is yours")


def check(
    context: typer.Context,
    kind: KindArgument,
    round_id: RoundOption = None,
    points: PointsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Whether every statement of a points file has its evidence, and which responses are never cited; exit 65 with faults."""
    settings = settings_of(context)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        text = _points(points or points_path(settings.service.state_dir, consultation, kind))
        found = synthesize(office, source_of(office, consultation, office.language, released=False), text)
    if as_json:
        print_json(found.findings)
    else:
        for point in found.findings.points:
            against = f", {len(point.contrary)} against" if point.contrary else ""
            tell(f"ok: {len(point.numbers)} for{against}: {point.statement}")
        for fault in found.findings.faults:
            tell(f"FAULT: {fault}")
        names = found.matrix.names
        tell(f"never cited: {', '.join(f'{number} {names[number]}' for number in found.findings.uncited) or 'nobody'}")
    if found.findings.faults:
        raise BadData(f"{len(found.findings.faults)} fault(s)")


def build(
    context: typer.Context,
    kind: KindArgument,
    round_id: RoundOption = None,
    points: PointsOption = None,
    language: LanguageOption = None,
    formats: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Build a draft from the points file, stamped DRAFT; refused while a statement lacks its evidence."""
    settings = settings_of(context)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        text = _points(points or points_path(settings.service.state_dir, consultation, kind))
        _, files = build_document(
            office,
            consultation,
            kind,
            text,
            language=known_language(language or office.language),
            formats=wanted_formats(formats) if formats else FORMATS,
        )
    hand_over(files, out or synthesis_folder(settings.service.state_dir, consultation) / "drafts" / kind.value)


def release(
    context: typer.Context,
    kind: KindArgument,
    round_id: RoundOption = None,
    points: PointsOption = None,
    language: LanguageOption = None,
) -> None:
    """Freeze a document, citing the compilation that was released last: the act of a named officer."""
    settings = settings_of(context, Role.EDITOR)
    by = context_of(context).by
    if kind is Kind.BRIEF_SUMMARY:
        raise BadUsage("a brief summary is agreed and frozen: intake synthesis agree FILE, then freeze FILE")
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        text = _points(points or points_path(settings.service.state_dir, consultation, kind))
        released = synthesis_folder(settings.service.state_dir, consultation) / "released"
        number = released_before(office, consultation, kind)
        made, files = build_document(
            office,
            consultation,
            kind,
            text,
            language=known_language(language or office.language),
            formats=FORMATS,
            number=number,
            by=by,
        )
        manifest = manifest_of(made, kind, number, by, text, files)
        files |= {"points.md": text.encode("utf-8"), "manifest.json": manifest}
        written = freeze_papers(released / f"{kind.value}-{number}", files)
        note_release(office, consultation, kind, number, sha256_of(manifest))
    for path in written:
        tell(str(path))
    tell(f"released by {by}; never cited: {', '.join(map(str, made.findings.uncited)) or 'nobody'}")


def agree(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The text as those present agreed on it (Markdown).")],
    reason: Annotated[str, typer.Option("--reason", help="Who agreed, where and when; kept with the text.")],
    round_id: RoundOption = None,
) -> None:
    """Put on record that a brief summary was agreed by the participants."""
    settings = settings_of(context, Role.EDITOR)
    by = context_of(context).by
    octets = _octets(file)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        refuse_draft(office, octets.decode("utf-8"))
        frozen = Frozen(
            round_id=consultation.id,
            sha256=sha256_of(octets),
            agreed_on=today_of(office, consultation),
            agreed_by=reason,
            officer=by,
        )
        files = {"brief-summary.md": octets, "agreed.json": msgspec.json.encode(frozen, order="sorted")}
        if brief_noted(office, consultation, "brief_summary_agreed", frozen.sha256):
            raise BadData(f"{file}: this text was agreed before")
        freeze_papers(
            synthesis_folder(settings.service.state_dir, consultation) / "brief" / f"agreed-{frozen.sha256[:16]}", files
        )
        note_brief(office, consultation, "brief_summary_agreed", frozen.sha256)
    tell(f"agreed: {frozen.sha256}")
    tell("to freeze it: intake synthesis freeze " + str(file))


def freeze(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The agreed text; its octets must be those that were agreed.")],
    round_id: RoundOption = None,
) -> None:
    """Freeze the agreed brief summary by its hash; from then on it is annexed without edits."""
    settings = settings_of(context, Role.EDITOR)
    octets = _octets(file)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        brief = synthesis_folder(settings.service.state_dir, consultation) / "brief"
        agreed = brief / f"agreed-{sha256_of(octets)[:16]}" / "agreed.json"
        if not (agreed.is_file() and brief_noted(office, consultation, "brief_summary_agreed", sha256_of(octets))):
            raise BadData(f"{file}: this text was not agreed (hash {sha256_of(octets)})")
        files = {"brief-summary.md": octets, "agreed.json": agreed.read_bytes()}
        if brief_noted(office, consultation, "brief_summary_released"):
            raise BadData("a brief summary was frozen before; a frozen one is never edited")
        freeze_papers(brief / "frozen", files)
        note_brief(office, consultation, "brief_summary_released", sha256_of(octets))
    tell(f"frozen: {sha256_of(octets)}")


def annex_(
    context: typer.Context,
    round_id: RoundOption = None,
    language: LanguageOption = None,
    formats: FormatOption = None,
    out: OutOption = None,
) -> None:
    """Print the frozen brief summary as an annex to the Chair's report, word for word, with its hash."""
    settings = settings_of(context)
    with open_configured(settings) as office:
        consultation = one_round(office, round_id)
        folder = synthesis_folder(settings.service.state_dir, consultation) / "brief" / "frozen"
        if not folder.is_dir():
            raise BadUsage("no brief summary is frozen: intake synthesis agree FILE, then freeze FILE")
        frozen = msgspec.json.decode((folder / "agreed.json").read_bytes(), type=Frozen)
        files = annex(
            office,
            consultation,
            (folder / "brief-summary.md").read_bytes(),
            frozen,
            language=known_language(language or office.language),
            formats=wanted_formats(formats) if formats else FORMATS,
        )
    hand_over(files, out or synthesis_folder(settings.service.state_dir, consultation) / "annex")


def _octets(file: Path) -> bytes:
    try:
        octets = file.read_bytes()
        octets.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadData(f"{file}: cannot be read as text (UTF-8): {error}") from error
    return octets
