"""Processes that live together, on real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.steps.running import PortTaken, ProcessFailed, Running, port_must_be_free
from tests.ports import free_port


def is_alive(pid: int) -> bool:
    """Tell whether ``pid`` runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_taken_port_is_said_with_the_remedy() -> None:
    """Starting on a taken port names the port and the option that changes it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"{port} is already taken.*UI_PORT={port + 1}"):
            port_must_be_free(port, "UI_PORT")


def test_ready_means_that_the_address_answers(tmp_path: Path) -> None:
    """Waiting returns once the process answers, and leaving the context stops it."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with Running() as running:
        running.start("page", [*command, "--directory", str(tmp_path)])
        running.wait_until_ready("page", f"http://127.0.0.1:{port}/", within_s=20)
    port_must_be_free(port, "PORT")


def test_a_process_that_ends_by_itself_is_said() -> None:
    """A process that fails is named at once, not after the time-out."""
    with Running() as running:
        running.start("service", [sys.executable, "-c", "raise SystemExit(3)"])
        with pytest.raises(ProcessFailed, match=r"service ended by itself \(exit code 3\)"):
            running.wait_until_ready("service", f"http://127.0.0.1:{free_port()}/", within_s=20)


def test_the_children_of_a_process_stop_with_it(tmp_path: Path) -> None:
    """Stopping leaves no grandchild behind."""
    note = tmp_path / "pid"
    script = (
        "import pathlib, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n"
        "time.sleep(60)\n"
    )
    with Running() as running:
        running.start("parent", [sys.executable, "-c", script])
        end = time.monotonic() + 20
        while not (note.exists() and note.read_text()) and time.monotonic() < end:
            time.sleep(0.05)
        child = int(note.read_text())
        assert is_alive(child)
    end = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_alive(child)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything(number: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C and SIGTERM end the program and what it started."""
    note = tmp_path / "pid"
    script = (
        "import pathlib, sys\n"
        "from flows.steps.running import Running, StopRequested, stop_on_signals\n"
        "stop_on_signals()\n"
        "try:\n"
        "    with Running() as running:\n"
        "        running.start('child', [sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"        pathlib.Path({str(note)!r}).write_text(str(running.pids()['child']))\n"
        "        running.watch()\n"
        "except StopRequested:\n"
        "    sys.exit(7)\n"
    )
    program = subprocess.Popen([sys.executable, "-c", script], cwd=Path.cwd(), env=os.environ)
    end = time.monotonic() + 30
    while not (note.exists() and note.read_text()) and time.monotonic() < end:
        time.sleep(0.05)
    child = int(note.read_text())
    program.send_signal(number)
    assert program.wait(20) == 7
    assert not is_alive(child)
