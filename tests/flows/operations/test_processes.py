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

from flows.operations.processes import PortTaken, ProcessFailed, Running, port_must_be_free
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


TWO_CHILDREN = """
import pathlib, signal, sys
from flows.operations.processes import SIGNALS, Running, StopRequested, stop_on_signals
for number in SIGNALS:  # as from a terminal: whoever runs the tests may have some ignored
    signal.signal(number, signal.SIG_DFL)
slow = "import signal, time; signal.signal(signal.SIGTERM, lambda *_: (time.sleep(1), exit())); "
stop_on_signals()
try:
    with Running() as running:
        for name in ("service", "app"):
            running.start(name, [sys.executable, "-c", slow + "time.sleep(60)"])
        pathlib.Path(sys.argv[1]).write_text(" ".join(map(str, running.pids().values())) + " .")
        running.watch()
except StopRequested:
    sys.exit(7)
"""


@pytest.mark.parametrize(
    ("number", "pauses"),
    [
        (signal.SIGINT, (0.0, 0.0)),
        (signal.SIGTERM, (0.0, 0.0)),
        (signal.SIGTERM, (0.3, 0.3, 0.9)),
        (signal.SIGHUP, ()),
        (signal.SIGQUIT, ()),
    ],
)
def test_any_number_of_signals_stops_everything(
    number: signal.Signals, pauses: tuple[float, ...], tmp_path: Path
) -> None:
    """One signal, three at once and more while it stops end the program and what it started."""
    note = tmp_path / "pids"
    program = subprocess.Popen([sys.executable, "-c", TWO_CHILDREN, str(note)], cwd=Path.cwd())
    children = [int(pid) for pid in written(note).split()]
    time.sleep(0.5)  # the children are listening to signals too
    program.send_signal(number)
    for pause in pauses:
        time.sleep(pause)
        program.send_signal(number)
    try:
        assert program.wait(20) == 7
        assert not [pid for pid in children if is_alive(pid)]
    finally:
        for pid in filter(is_alive, children):
            os.kill(pid, signal.SIGKILL)


def written(note: Path) -> str:
    """Return what a program writes to ``note``, which ends with a dot."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if note.exists() and note.read_text().endswith("."):
            return note.read_text().removesuffix(".")
        time.sleep(0.05)
    pytest.fail("the program has written nothing")


def test_signals_that_come_at_once_interrupt_once(tmp_path: Path) -> None:
    """Tidying up after the first signal is not cut short by the second and the third."""
    note, tidied = tmp_path / "ready", tmp_path / "tidied"
    script = """
import pathlib, sys, time
from flows.operations.processes import StopRequested, stop_on_signals
stop_on_signals()
try:
    pathlib.Path(sys.argv[1]).write_text(".")
    time.sleep(60)
except StopRequested:
    time.sleep(1)
    pathlib.Path(sys.argv[2]).write_text("yes")
"""
    program = subprocess.Popen(
        [sys.executable, "-c", script, str(note), str(tidied)], cwd=Path.cwd()
    )
    written(note)
    for _ in range(3):
        program.send_signal(signal.SIGTERM)
        time.sleep(0.1)
    assert program.wait(20) == 0
    assert tidied.read_text() == "yes"


def test_a_closed_terminal_is_ignored_where_asked(tmp_path: Path) -> None:
    """Under nohup SIGHUP changes nothing; SIGTERM still stops everything."""
    note = tmp_path / "pids"
    program = subprocess.Popen(
        ["nohup", sys.executable, "-c", TWO_CHILDREN, str(note)],
        cwd=Path.cwd(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    written(note)
    program.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        program.wait(1.5)
    program.send_signal(signal.SIGTERM)
    assert program.wait(20) == 7
