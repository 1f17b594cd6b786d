"""The state of the running bot in numbers: for /readyz, /metrics and 状态. No names, no texts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from prometheus_client import CollectorRegistry, Gauge

from bot.clock import Clocks
from bot.delivery_tally import EngineStatus
from bot.web import Ready
from storage import DatabaseUnreadable

TOO_OLD = timedelta(minutes=10)  # a job that could have been sent so long ago is stuck


class Hearing(Protocol):
    """The stream as far as its state goes."""

    @property
    def connected(self) -> bool: ...
    @property
    def last_frame_at(self) -> datetime | None: ...
    @property
    def reconnects(self) -> int: ...
    @property
    def in_flight(self) -> int: ...


class Engine(Protocol):
    """Delivery as far as its state goes."""

    async def status(self) -> EngineStatus: ...


class Metrics:
    """Asks stream and delivery how they are; keeps gauges for Prometheus."""

    def __init__(self, registry: CollectorRegistry, engine: Engine, stream: Hearing, clocks: Clocks) -> None:
        self.registry, self.engine, self.stream, self.clocks = registry, engine, stream, clocks
        self.connected = Gauge("dingban_connected", "1 while the stream is open", registry=registry)
        self.reconnects = Gauge("dingban_reconnects", "connections after the first", registry=registry)
        self.in_flight = Gauge("dingban_in_flight", "messages being handled", registry=registry)
        self.oldest = Gauge("dingban_outbox_oldest_seconds", "age of the oldest due job", registry=registry)
        self.jobs = Gauge("dingban_outbox_jobs", "jobs by state and kind", ["state", "kind"], registry=registry)
        self.events = Gauge("dingban_delivery_events", "what delivery did", ["event", "kind"], registry=registry)
        self.calls = Gauge("dingban_api_calls_month", "metered calls this month", registry=registry)

    async def ready(self) -> Ready:
        """Ready while the database answers and nothing due lies about; a DingTalk that is away is said, not failed."""
        try:
            status = await self.engine.status()
        except DatabaseUnreadable:
            return Ready(False, {"database": False})
        self._show(status)
        last = self.stream.last_frame_at
        age = round((self.clocks.engine_now() - last).total_seconds(), 1) if last else None
        ok = not status.database_away and status.load.oldest < TOO_OLD.total_seconds()
        return Ready(ok, {
            "database": not status.database_away,
            "connected": self.stream.connected,
            "last_frame_age": age,
            "outbox_oldest": round(status.load.oldest, 1),
            "outbox_ready": status.load.of("ready"),
            "outbox_dead": status.load.of("dead"),
            "business_time": self.clocks.now().isoformat(timespec="seconds"),
        })  # fmt: skip

    def _show(self, status: EngineStatus) -> None:
        self.connected.set(self.stream.connected)
        self.reconnects.set(self.stream.reconnects)
        self.in_flight.set(self.stream.in_flight)
        self.oldest.set(status.load.oldest)
        self.calls.set(status.calls_this_month)
        for (state, kind), number in status.load.counts.items():
            self.jobs.labels(state, kind).set(number)
        for (event, kind), number in status.events.items():
            self.events.labels(event, kind).set(number)
