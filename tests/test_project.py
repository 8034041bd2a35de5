"""What a newcomer relies on: the commands README names, and locks that hold."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "deploy/uv.lock", "deploy/serving.lock")


def pins(lock: str) -> set[str]:
    """Return the ``name==version`` pairs of a lock file."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^([A-Za-z0-9._-]+==[^ ;]+)", text, re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    """Each package is pinned with its hashes; where it comes from is the installer's business."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert len(blocks) >= 1
    assert all("--hash=sha256:" in block for block in blocks)


@pytest.mark.parametrize("lock", ["requirements.lock", "deploy/serving.lock"])
def test_what_is_tested_is_what_runs(lock: str) -> None:
    """Every package that runs has, in the tests' lock, the same version."""
    assert pins(lock) <= pins("requirements-dev.lock")


def test_readme_names_only_targets_that_exist() -> None:
    """Each ``make`` command of README is a target, and ``make help`` lists every target."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bmake ([a-z-]+)", readme)) <= targets
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    phony = " ".join(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE))
    assert set(re.findall(r"^  make ([a-z-]+) ", listed.stdout, re.MULTILINE)) == set(phony.split())


def test_readme_leads_to_files_that_exist() -> None:
    """Each path of README's map and each picture is there."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z_]+(?:/[a-z_./]*|\.py|\.md))`", readme)
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", readme)
    made_later = {"data/"}
    missing = [path for path in {*named, *pictures} - made_later if not (ROOT / path).exists()]
    assert not missing
