"""Jobs that are no messages (a backup, a download): run with a time-out under the same leases, retries and ends."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from bot.delivery_kinds import Kind
from bot.delivery_record import Record, Recorder
from bot.delivery_send import Ways, back_off, facts
from bot.delivery_tally import Tally
from bot.door import GiveUp, Retry
from storage import JSON, Finished, Job

log = logging.getLogger(__name__)


class Runner:
    """Runs one job at a time for each caller."""

    def __init__(self, ways: Ways, recorder: Recorder, tally: Tally) -> None:
        self.ways, self.recorder, self.tally = ways, recorder, tally

    async def run(self, job: Job, until: datetime) -> None:
        """Do it and record it; whatever goes wrong is settled."""
        kind = self.ways.kinds.all[job.kind]
        async with self.ways.database.work() as work:
            if not await work.outbox.still_mine([job]):
                return
            await work.outbox.start([job], self.ways.clock.engine_now())
        try:
            async with asyncio.timeout(kind.timeout.total_seconds()):
                found = await kind.run(job) if kind.run else None
        except asyncio.CancelledError:
            await asyncio.shield(self._settle(job, kind, Retry("stopped", uncertain=True)))
            raise
        except (Retry, GiveUp) as refused:
            await self._settle(job, kind, refused)
        except TimeoutError:
            await self._settle(job, kind, Retry("timeout", uncertain=True))
        except Exception:  # an edge: a bug in one job must not stop the others (style.md §5)
            log.exception("job failed", extra=facts(job))
            await self._settle(job, kind, Retry("bug"))
        else:
            self.tally.count("sent", job.kind)
            back: dict[str, JSON] = dict(found or {})
            done = Finished(job.id, job.token, self.ways.clock.engine_now(), back)
            self.recorder.keep(Record(done, None, 0, until))

    async def _settle(self, job: Job, kind: Kind, refused: Retry | GiveUp) -> None:
        now, why = self.ways.clock.engine_now(), refused.why
        held = isinstance(refused, Retry) and refused.uncertain and not kind.may_resend(job)
        async with self.ways.database.work() as work:
            if held:
                self.tally.count("uncertain", job.kind)
                await work.outbox.end(job, "uncertain", why, now)
            elif isinstance(refused, GiveUp) or job.attempts >= job.max_attempts:
                self.tally.count("dead", job.kind)
                await work.outbox.end(job, "dead", why, now)
            else:
                wait = refused.after or back_off(self.ways.rng, job.attempts)
                await work.outbox.release(job, now + wait, why, resent=refused.uncertain)
        log.warning("job not done", extra=facts(job) | {"why": why})
