"""axe-core over a page in Chromium, without a network: the page, the checker and one line that runs it, in one file."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
TAGS = (*WCAG, "best-practice")
_RUN = """axe.run(document,{runOnly:%s,resultTypes:['violations']}).then(r=>{const p=parent.document.createElement('pre');p.className='axe-result';
p.id='axe-%d';p.textContent=JSON.stringify({violations:r.violations.map(v=>({id:v.id,help:v.help,nodes:v.nodes.slice(0,3).map(n=>n.html)})),
passes:r.passes.length});parent.document.body.appendChild(p)})"""


def missing() -> str:
    """What is not there; "" when all is."""
    if shutil.which("chromium") is None:
        return "chromium is not installed"
    return "" if AXE.is_file() else "axe-core is not installed: bash deploy/test-browser.sh"


def violations(page: bytes, width_px: int = 1200, tags: tuple[str, ...] = TAGS) -> list[dict[str, Any]]:
    """What axe-core finds wrong. Raises AssertionError when it did not run."""
    return all_violations([page], width_px, tags)[0]


def all_violations(pages: Sequence[bytes], width_px: int = 1200, tags: tuple[str, ...] = TAGS) -> list[list[dict[str, Any]]]:
    """The same of many pages in one start of the browser, each in a frame of its own, as wide as asked for."""
    with tempfile.TemporaryDirectory() as folder:
        frames = "".join(
            f'<iframe title="{index}" style="width:{width_px}px;height:900px" srcdoc="{html.escape(_with_checker(page, index, tags))}"></iframe>'
            for index, page in enumerate(pages)
        )
        (Path(folder) / "page.html").write_text(f"<!DOCTYPE html><html><body>{frames}</body></html>", "utf-8")
        command = ["chromium", "--headless", "--disable-gpu", "--no-sandbox", "--disable-dev-shm-usage", f"--user-data-dir={folder}/profile",
                   f"--window-size={width_px + 40},2000", "--virtual-time-budget=240000", "--dump-dom", f"file://{folder}/page.html"]  # fmt: skip
        done = subprocess.run(command, capture_output=True, timeout=480, check=False, env={**os.environ, "HOME": folder})
    text = done.stdout.decode("utf-8", "replace")
    results = []
    for index in range(len(pages)):
        found = re.search(rf'<pre class="axe-result" id="axe-{index}">(.*?)</pre>', text, re.S)
        assert found is not None, f"page {index}: " + done.stderr.decode("utf-8", "replace")[-2000:]
        result = json.loads(html.unescape(found.group(1)))
        assert result["passes"] >= 5, "the checker looked at next to nothing"
        results.append(result["violations"])
    return results


def _with_checker(page: bytes, index: int, tags: tuple[str, ...]) -> str:
    text = re.sub(
        r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.decode("utf-8")
    )  # our pages run no script; the checker is one
    assert "</body>" in text
    script = f"<script>{AXE.read_text('utf-8')}</script><script>{_RUN % (json.dumps(list(tags)), index)}</script>"
    return text.replace("</body>", script + "</body>")
