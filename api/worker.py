"""One worker of the service: its parts, made in order when it starts, ended in order."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass

from api.assessor import Assessor, Models, Served, put_in_force
from api.callers import Callers
from api.clients import Clients
from api.logins import Logins
from api.recorder import Recorder
from api.settings import Settings
from api.stop import StopSwitch
from scoring.policy import policy
from scoring.scorecard import Scorecard
from storage.checkpoints import Checkpoints
from storage.direct import Direct
from storage.errors import StoreUnavailable
from storage.store import Store

FREE_DISK_BYTES = 50_000_000
READY_WITHIN_S = 3


@dataclass(frozen=True)
class Worker:
    """What the routes work with for the life of one process."""

    settings: Settings
    store: Store
    callers: Callers
    clients: Clients
    assessor: Assessor
    recorder: Recorder
    stop: StopSwitch
    logins: Logins
    _direct: Direct
    _checkpoints: Checkpoints

    @classmethod
    def open(cls, settings: Settings, models: Models, tag: str) -> Worker:
        """Connect to the store and load the scorecard ``tag`` and the policy.

        Raises ``ModelRejected``, ``InvalidPolicy``, ``StoreUnavailable``.
        """
        in_force = policy(settings.policy_file)
        served = Served(Scorecard.load(models(tag)), tag, in_force)
        store = Store.open(settings.storage)
        store.start_groups()
        direct, stop = Direct(store.engine), StopSwitch(store)
        store.record_now([put_in_force(in_force)])
        return cls(
            settings=settings,
            store=store,
            callers=Callers(store, direct),
            clients=Clients(store, direct),
            assessor=Assessor(served, models, store, stop, settings.currency),
            recorder=Recorder(store),
            stop=stop,
            logins=Logins(store.engine, settings.logins_file),
            _direct=direct,
            _checkpoints=Checkpoints(store.engine),
        )

    def close(self) -> None:
        """Commit what waits and let go of the database."""
        self.stop.close()
        self._checkpoints.close()
        self._direct.close()
        self.logins.close()
        self.store.close()

    async def must_be_ready(self) -> None:
        """Raise ``StoreUnavailable`` unless an answer could be given and recorded now."""
        try:
            await asyncio.wait_for(asyncio.to_thread(self._check_store), READY_WITHIN_S)
        except TimeoutError:
            msg = "The database does not answer."
            raise StoreUnavailable(msg) from None

    def _check_store(self) -> None:
        self.store.ping()
        folders = self.settings.storage.folders
        if min(shutil.disk_usage(folder).free for folder in folders) < FREE_DISK_BYTES:
            msg = "The disk is full."
            raise StoreUnavailable(msg)
