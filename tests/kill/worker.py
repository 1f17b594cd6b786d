"""A process that dies in the kill tests: hears, answers, reminds. `python -m tests.kill.worker` with its settings."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime
from random import Random

import aiohttp

from bot.clock import BusinessClock, Clocks, EngineClock
from bot.delivery import Delivery
from bot.delivery_kinds import Kinds
from bot.delivery_permits import Permits
from bot.delivery_record import write_ledger
from bot.delivery_send import Ways
from bot.door import Known, Retry, Sent, Webhook
from bot.logs import start_logs
from bot.permits import Limit
from bot.scheduler import Recurring, Scheduler
from handlers.message import Announcement, Attachment, Receiver, Reply
from storage import REMIND, Database, Job, Owed, Work
from tests.bot.fake_door import ZONE, message

HEARING = 4  # messages handled at a time


class HttpDoor:
    """Says everything to the receiver; a reply needs no permit of the app."""

    def __init__(self, session: aiohttp.ClientSession, url: str, worker: str) -> None:
        self.session, self.url, self.worker = session, url, worker

    def needs_permit(self, route: str, expires: datetime | None, now: datetime) -> bool:
        return False

    def parts(self, to: Receiver, message: Reply | Announcement) -> int:
        return 1

    async def reply(
        self,
        route: str,
        route_expires: datetime | None,
        to: Receiver,
        message: Reply,
        *,
        engine_now: datetime,
        done: int = 0,
    ) -> Sent:
        await self._say(to, message.text)
        return Sent("session")

    async def push(
        self, receiver: Receiver, announcement: Announcement, *, webhook: Webhook | None = None, done: int = 0
    ) -> Sent:
        await self._say(receiver, announcement.text)
        return Sent("open", 1)

    async def fetch(self, attachment: Attachment) -> bytes:
        raise NotImplementedError

    async def find_by_mobile(self, mobile: str) -> str | None:
        raise NotImplementedError

    async def find(self, staff_id: str) -> Known | None:
        raise NotImplementedError

    async def _say(self, to: Receiver, text: str) -> None:
        said = {"to": to.id, "text": text, "worker": self.worker}
        try:
            async with self.session.post(f"{self.url}/say", data=json.dumps(said)) as answer:
                if answer.status != 200:
                    raise Retry(str(answer.status))
        except aiohttp.ClientConnectorError as failure:
            raise Retry("connect") from failure
        except aiohttp.ClientError as failure:
            raise Retry("lost", uncertain=True) from failure


class Worker:
    """One process; it ends by being killed."""

    def __init__(self, config: dict[str, object]) -> None:
        self.url, self.name = str(config["receiver"]), str(config["name"])
        self.reminders, self.groups = int(str(config["reminders"])), int(str(config["groups"]))
        self.app_rate, self.group_rate = int(str(config["app_rate"])), int(str(config["group_rate"]))
        self.start = datetime.fromisoformat(str(config["start"]))
        self.database = Database(str(config["database"]))

    async def run(self) -> None:
        await self.database.start()
        clocks = Clocks(BusinessClock(ZONE, self.start), EngineClock())
        timeout = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=100)) as session:
            delivery = self._delivery(clocks, session)
            await delivery.start()
            tick = Recurring("reminders", "0 9 * * *", self._tick)
            scheduler = Scheduler(self.database, clocks, ZONE, [tick], delivery.wake)
            hearing = [self._hear(session, delivery) for _ in range(HEARING)]
            print("ready", flush=True)
            await asyncio.gather(delivery.run(), scheduler.run(), *hearing)

    def _delivery(self, clocks: Clocks, session: aiohttp.ClientSession) -> Delivery:
        ways = Ways(
            self.database,
            HttpDoor(session, self.url, self.name),
            clocks,
            Random(self.name),
            Kinds((REMIND,)),
            Permits(Limit(self.group_rate, 63), Limit(self.app_rate, 1)),
            {REMIND: self._compose},
            lambda job, now: None,
            write_ledger,
            self._hook,
            self._trouble,
        )
        return Delivery(ways, self.name, "kill test")

    async def _hear(self, session: aiohttp.ClientSession, delivery: Delivery) -> None:
        while True:
            async with session.get(f"{self.url}/next") as answer:
                number = (await answer.json())["message"]
            if number is None:
                await asyncio.sleep(0.2)
                continue
            await self._answer(delivery, number)
            async with session.post(f"{self.url}/ack/{number}"):
                pass

    async def _answer(self, delivery: Delivery, number: int) -> None:
        """One message, one transaction; heard before: nothing to do."""
        heard, job = message(number, f"p{number % 50}"), None
        async with self.database.work() as work:
            await work.one_at_a_time(heard.chat.id)
            if await work.inbox.claim(heard.id, said_at=heard.at, robot=heard.robot, chat=heard.chat.id, sender="p"):
                job = await delivery.put_reply(work, heard, Reply(f"reply:{number}"))
        if job:
            delivery.send_now(job)

    async def _tick(self, work: Work, tick: datetime) -> None:
        if not self.reminders:
            return
        owed = [
            Owed(1, "n", f"r{number}", f"U{number}", (number,), "", "T-0", *self._receiver(number), tick)
            for number in range(self.reminders)
        ]
        await work.reminders.owe_all(owed)

    def _receiver(self, number: int) -> tuple[str, str]:
        """Every tenth goes to a group."""
        if number % 10 == 0:
            return "group", f"g{number // 10 % self.groups}-{number}"
        return "person", f"r{number}"

    async def _compose(self, work: Work, job: Job, to: Receiver) -> Announcement | None:
        found = await work.reminders.owed(to.kind, to.id, job.due_at, job.id)
        await work.reminders.carry([r.id for r in found], job.id)
        return Announcement(f"reminder:{found[0].period}") if found else None

    async def _hook(self, work: Work, to: Receiver) -> Webhook | None:
        return None

    async def _trouble(self, work: Work, job: Job, to: Receiver, trouble: str) -> None:
        return None


if __name__ == "__main__":
    start_logs("WARNING")
    asyncio.run(Worker(json.loads(sys.argv[1])).run())
