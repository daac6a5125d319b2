"""axe-core over a page in Chromium, without a network: the page, the checker and one line that runs it, in one file."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
TAGS = (*WCAG, "best-practice")
_RUN = """axe.run(document,{runOnly:%s,resultTypes:['violations']}).then(r=>{const p=document.createElement('pre');p.id='axe-result';
p.textContent=JSON.stringify({violations:r.violations.map(v=>({id:v.id,help:v.help,nodes:v.nodes.slice(0,3).map(n=>n.html)})),passes:r.passes.length});
document.body.appendChild(p)})"""


def missing() -> str:
    """What is not there; "" when all is."""
    if shutil.which("chromium") is None:
        return "chromium is not installed"
    return "" if AXE.is_file() else "axe-core is not installed: bash deploy/test-browser.sh"


def violations(page: bytes, width_px: int = 1200, tags: tuple[str, ...] = TAGS) -> list[dict[str, Any]]:
    """What axe-core finds wrong. Raises AssertionError when it did not run."""
    text = page.decode("utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)  # our pages run no script; the checker is one
    script = f"<script>{AXE.read_text('utf-8')}</script><script>{_RUN % json.dumps(list(tags))}</script>"
    assert "</body>" in text
    text = text.replace("</body>", script + "</body>")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.html").write_text(text, "utf-8")
        command = ["chromium", "--headless", "--disable-gpu", "--no-sandbox", "--disable-dev-shm-usage", f"--user-data-dir={folder}/profile",
                   f"--window-size={width_px},2000", "--virtual-time-budget=60000", "--dump-dom", f"file://{folder}/page.html"]  # fmt: skip
        done = subprocess.run(command, capture_output=True, timeout=240, check=False, env={**os.environ, "HOME": folder})
    found = re.search(r'<pre id="axe-result">(.*?)</pre>', done.stdout.decode("utf-8", "replace"), re.S)
    assert found is not None, done.stderr.decode("utf-8", "replace")[-2000:]
    result = json.loads(html.unescape(found.group(1)))
    assert result["passes"] >= 10, "the checker looked at next to nothing"
    violations: list[dict[str, Any]] = result["violations"]
    return violations
