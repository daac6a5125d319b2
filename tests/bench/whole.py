"""The whole way (received, read, sorted, recorded, letter queued) beside public-inbox, notmuch and HyperKitty on the same mail.

None of them sorts, answers or reads documents; what they do instead (threads, full-text indexes) we do not. A peer that cannot be
had here, or takes more than PEER_S, is said to be absent.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from tests.bench.measure import Cost, aim, bytes_below, cost_of_command, in_a_child
from tests.bench.servers import dovecot, mailbox, scratch

PEER_S = 600.0
_PI = """use strict; use PublicInbox::Config; use PublicInbox::InboxWritable; use PublicInbox::Eml;
my ($dir) = @ARGV; my $box = PublicInbox::InboxWritable->new(PublicInbox::Config->new->lookup_name('load')) or die; my $im = $box->importer(0);
opendir(my $folder, "$dir/cur") or die; for my $name (sort grep { !/^\\./ } readdir $folder) {
open my $file, '<:raw', "$dir/cur/$name" or die; my $raw = do { local $/; <$file> }; $im->add(PublicInbox::Eml->new(\\$raw)); } $im->done;
"""
_HK = """SECRET_KEY = "bench"
DEBUG = False
INSTALLED_APPS = ["hyperkitty", "django_mailman3", "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
 "django.contrib.sessions", "django.contrib.sites", "django.contrib.messages", "django.contrib.staticfiles", "rest_framework", "django_gravatar",
 "compressor", "haystack", "django_extensions", "django_q", "allauth", "allauth.account", "allauth.socialaccount"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
 "django.contrib.messages.middleware.MessageMiddleware", "allauth.account.middleware.AccountMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": [
 "django.template.context_processors.request", "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "@/hk.sqlite3"}}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": "@/index"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
Q_CLUSTER = {"name": "bench", "orm": "default", "sync": True}
MAILMAN_REST_API_URL = "http://127.0.0.1:1"; MAILMAN_REST_API_USER = "x"; MAILMAN_REST_API_PASS = "x"; MAILMAN_ARCHIVER_KEY = "x"
MAILMAN_ARCHIVER_FROM = ("127.0.0.1",)
ROOT_URLCONF = "hyperkitty.urls"; SITE_ID = 1; USE_TZ = True; STATIC_URL = "/static/"; STATIC_ROOT = "@/static"; FILTER_VHOST = False
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"; ATTACHMENT_FOLDER = None; COMPRESS_ENABLED = False; LANGUAGE_CODE = "en"
"""


def figures(quick: bool) -> dict[str, Any]:
    """One run of each on the same messages (ours twice as long as public-inbox or more is no noise)."""
    count = 60 if quick else 1_000
    found: dict[str, Any] = {"messages": count}
    absent: list[str] = []
    with scratch() as folder, dovecot(folder) as server:
        user, box, size = mailbox(server, folder, count)
        found["mb"] = round(size / 1e6, 1)
        for name in ("ours_whole_way", "ours_whole_way_with_text"):
            where = folder / name
            where.mkdir()
            _cost, got = in_a_child("tests.bench.doing", name, str(server.plain_port), user, str(where), seconds=3600)
            found[name] = _figures(got["n"], got["cpu_s"], got["wall_s"], got["peak_mb"], where)
            found[name] |= {"letters": got["letters"], "steps_cpu_s": got["steps_cpu_s"]}
            shutil.rmtree(where)
        for peer in (_public_inbox, _notmuch, _hyperkitty):
            name = peer.__name__.strip("_")
            where = folder / name
            where.mkdir()
            try:
                found[name] = peer(box, where, count)
            except _AbsentError as error:
                absent.append(f"{name}: {error}")
            shutil.rmtree(where, ignore_errors=True)
    found["absent"] = "; ".join(absent)
    found["aims"] = _aims(found)
    return found


class _AbsentError(Exception):
    """A peer that could not be measured, and why."""


def _aims(found: dict[str, Any]) -> dict[str, Any]:
    def ratio(ours: str, peer: str) -> float:
        return float(found[ours]["cpu_ms_per_message"] / found[peer]["cpu_ms_per_message"])

    aims = {}
    if "public_inbox" in found:
        aims["whole way without documents' text, CPU against public-inbox"] = aim(ratio("ours_whole_way", "public_inbox"), 0.5)
        aims["whole way with documents' text, CPU against public-inbox"] = aim(
            ratio("ours_whole_way_with_text", "public_inbox"), 1.5
        )
    if "hyperkitty" in found:
        aims["whole way without documents' text, CPU against HyperKitty"] = aim(ratio("ours_whole_way", "hyperkitty"), 0.25)
    return aims


def _figures(count: int, cpu_s: float, wall_s: float, peak_mb: float, where: Path) -> dict[str, float]:
    return {
        "cpu_ms_per_message": round(cpu_s * 1000 / count, 3),
        "wall_ms_per_message": round(wall_s * 1000 / count, 3),
        "peak_mb": round(peak_mb, 1),
        "disk_kb_per_message": round(bytes_below(where) / 1024 / count, 1),
    }


def _peer(where: Path, count: int, command: list[str], environment: dict[str, str]) -> dict[str, float]:
    cost = _good(cost_of_command(command, seconds=PEER_S, env=os.environ | environment))
    return _figures(count, cost.cpu_s, cost.wall_s, cost.peak_mb, where)


def _good(cost: Cost) -> Cost:
    if cost.code == -9:
        raise _AbsentError(f"ended after {PEER_S:.0f} s and {cost.cpu_s:.0f} s of processor time")
    if cost.code:
        raise _AbsentError(f"ended {cost.code}: {cost.said[-300:]}")
    return cost


def _installed(program: str) -> None:
    if shutil.which(program) is None:
        raise _AbsentError(f"{program} is not installed (deploy/bench-peers.sh)")


def _public_inbox(box: Path, where: Path, count: int) -> dict[str, float]:
    """v2, with the full Xapian index, one process that imports file by file."""
    _installed("public-inbox-init")
    environment = {"HOME": str(where), "PI_CONFIG": str(where / "config")}
    command = ["public-inbox-init", "-V2", "-L", "full", "load", str(where / "box"), "http://127.0.0.1/load", "load@example.org"]
    _good(cost_of_command(command, env=os.environ | environment))
    (where / "import.pl").write_text(_PI)
    return _peer(where, count, ["perl", str(where / "import.pl"), str(box)], environment)


def _notmuch(box: Path, where: Path, count: int) -> dict[str, float]:
    """`notmuch new` on a link to the Maildir; the originals stay there and are not in its bytes on disk."""
    _installed("notmuch")
    (where / "mail").mkdir()
    (where / "mail" / "load").symlink_to(box)
    (where / "config").write_text(
        f"[database]\npath={where}/mail\n[user]\nname=x\nprimary_email=x@example.org\n[new]\ntags=new\n"
    )
    return _peer(where, count, ["notmuch", "new", "--quiet"], {"NOTMUCH_CONFIG": str(where / "config"), "HOME": str(where)})


def _hyperkitty(box: Path, where: Path, count: int) -> dict[str, float]:
    """Debian's, on SQLite: import of an mbox, then its full-text index."""
    if not Path("/usr/lib/python3/dist-packages/hyperkitty").is_dir():
        raise _AbsentError("hyperkitty is not installed (deploy/bench-peers.sh)")
    (where / "bench_settings.py").write_text(_HK.replace("@", str(where)))
    with (where / "load.mbox").open("wb") as mbox:
        for path in sorted((box / "cur").iterdir()):
            raw = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
            mbox.write(b"From x@example.org Mon Mar  2 10:00:00 2026\n" + raw + b"\n\n")
    environment = {"PYTHONPATH": str(where), "DJANGO_SETTINGS_MODULE": "bench_settings", "HOME": str(where)}
    admin = ["/usr/bin/python3", "-W", "ignore", "-m", "django"]
    _good(cost_of_command([*admin, "migrate", "--verbosity", "0"], seconds=PEER_S, env=os.environ | environment))
    load = [*admin, "hyperkitty_import", "-l", "load@example.org", "--no-sync-mailman", str(where / "load.mbox")]
    first = _good(cost_of_command(load, seconds=PEER_S, env=os.environ | environment))
    second = cost_of_command([*admin, "update_index_one_list", "load@example.org"], seconds=PEER_S, env=os.environ | environment)
    (where / "load.mbox").unlink()
    if second.code:
        found = _figures(count, first.cpu_s, first.wall_s, first.peak_mb, where)
        return found | {"index": f"not built: ended {second.code}: {second.said[-200:]}"}  # type: ignore[dict-item]
    peak = max(first.peak_mb, second.peak_mb)
    return _figures(count, first.cpu_s + second.cpu_s, first.wall_s + second.wall_s, peak, where)
