"""Processes that live together: started, waited for, watched and stopped as one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType, TracebackType

import httpx

from flows.settings import ROOT

READY_WITHIN_S = 120.0
STOP_WITHIN_S = 15.0


class StopRequested(BaseException):
    """Ctrl-C or SIGTERM: not an error, and nothing may swallow it."""


class PortTaken(Exception):
    """Another program already listens on the port."""


class ProcessFailed(Exception):
    """A process of ours ended, or did not become ready."""


def stop_on_signals() -> None:
    """Turn SIGINT and SIGTERM into ``StopRequested`` in the main thread."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise StopRequested

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def port_must_be_free(port: int, option: str) -> None:
    """Raise ``PortTaken`` when 127.0.0.1:``port`` cannot be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            msg = f"Port {port} is already taken. Choose another: make demo {option}={port + 1}"
            raise PortTaken(msg) from error


class Running:
    """Our processes, each in its own group; leaving the context stops every one of them."""

    def __init__(self) -> None:
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Running:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        """Start ``command`` in a process group of its own, so that its children stop with it."""
        self._processes[name] = subprocess.Popen(
            command,
            cwd=ROOT,
            start_new_session=True,
            env={**os.environ, **(environment or {})},
        )

    def pids(self) -> dict[str, int]:
        """Process number of each process, by name."""
        return {name: process.pid for name, process in self._processes.items()}

    def wait_until_ready(self, name: str, url: str, within_s: float = READY_WITHIN_S) -> None:
        """Return once ``url`` answers 200; ``ProcessFailed`` when it does not, or ends first."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            self._must_be_alive(name)
            with suppress(httpx.TransportError):  # not listening yet: asked again
                if httpx.get(url, timeout=2.0, follow_redirects=True).status_code == 200:
                    return
            time.sleep(0.2)
        msg = f"The {name} is not ready after {within_s:.0f} s; its messages are above."
        raise ProcessFailed(msg)

    def watch(self) -> None:
        """Stay until a signal comes; ``ProcessFailed`` as soon as one process ends by itself."""
        while True:
            for name in self._processes:
                self._must_be_alive(name)
            time.sleep(0.5)

    def _must_be_alive(self, name: str) -> None:
        code = self._processes[name].poll()
        if code is not None:
            msg = f"The {name} ended by itself (exit code {code}); its messages are above."
            raise ProcessFailed(msg)

    def stop(self) -> None:
        """End the groups one after the other, the last started first: it may need the others."""
        for name in reversed(list(self._processes)):
            process = self._processes.pop(name)
            _signal_group(process, signal.SIGTERM)
            try:
                process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                sys.stderr.write(f"The {name} did not stop in time and is ended.\n")
            _signal_group(process, signal.SIGKILL)
            process.wait()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # the whole group has already ended
