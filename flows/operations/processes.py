"""Processes that live together: started, waited for, watched and stopped as one."""

from __future__ import annotations

import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import FrameType, TracebackType

import httpx

from flows.settings import ROOT

READY_WITHIN_S = 120.0
STOP_WITHIN_S = 15.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""What asks to stop: Ctrl-C, a process manager, a closed terminal, Ctrl-\\."""
ONE_REQUEST_S = 3.0
"""Signals within that time are one request: a group is told at once, and make passes it on."""

Handler = Callable[[int, FrameType | None], object] | int | None


class StopRequested(BaseException):
    """A signal asks to stop: not an error, and nothing may swallow it."""


class PortTaken(Exception):
    """Another program already listens on the port."""


class ProcessFailed(Exception):
    """A process of ours ended, or did not become ready."""


def stop_on_signals() -> None:
    """Turn ``SIGNALS`` into ``StopRequested`` in the main thread, once for all that come at once.

    Who asks again later is heard again: the first may have come where an exception is lost.
    """
    heard = -math.inf

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal heard
        before, heard = heard, time.monotonic()
        if heard - before > ONE_REQUEST_S:
            raise StopRequested

    _answer_signals(stop)


def _answer_signals(handler: Handler) -> dict[signal.Signals, Handler]:
    """Set the handler of ``SIGNALS`` and return the former ones; what is ignored stays so.

    ``nohup`` ignores SIGHUP so that closing the terminal changes nothing.
    """
    heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    return {number: signal.signal(number, handler) for number in heard}


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
    """Our processes, each in its own group; leaving the context stops every one of them.

    Inside the context a signal interrupts nothing: it is noted, and waiting or watching raises
    ``StopRequested``. So no signal, however often it comes, cuts short the stopping itself.
    """

    def __init__(self) -> None:
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._handlers: dict[signal.Signals, Handler] = {}
        self._stop_requested = False

    def __enter__(self) -> Running:
        self._handlers = _answer_signals(self._note)
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()
        for number, former in self._handlers.items():
            # who asked to stop got it: the end of the program is not interrupted either
            signal.signal(number, signal.SIG_IGN if self._stop_requested else former)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_requested = True

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        """Start ``command`` in a process group of its own, so that its children stop with it."""
        self._must_go_on()
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
            self._must_go_on()
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
            self._must_go_on()
            for name in self._processes:
                self._must_be_alive(name)
            time.sleep(0.5)

    def _must_go_on(self) -> None:
        if self._stop_requested:
            raise StopRequested

    def _must_be_alive(self, name: str) -> None:
        code = self._processes[name].poll()
        if code is not None:
            msg = f"The {name} ended by itself (exit code {code}); its messages are above."
            raise ProcessFailed(msg)

    def stop(self) -> None:
        """End the groups one after the other, the last started first: it may need the others."""
        late = []
        for name in reversed(list(self._processes)):
            process = self._processes.pop(name)
            _signal_group(process, signal.SIGTERM)
            try:
                process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                late.append(name)
            _signal_group(process, signal.SIGKILL)
            process.wait()
        for name in late:  # said last: a closed terminal takes no words
            sys.stderr.write(f"The {name} did not stop in time and was ended.\n")


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # the whole group has already ended
