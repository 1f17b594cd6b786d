"""启用码: the one code by which the first person of an empty database is seated. Only its hash is kept.

A record is a JSON document under `CODE` of the settings; making one needs the caller's random letters and salt.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from handlers.rules.permissions import Post
from storage import JSON, Work

CODE = "first_code"
LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
"""Without 0 O 1 I L 2 Z 5 S: read out on the phone and typed on another one."""
LENGTH = 10
LIVES, LOCKED_FOR = timedelta(hours=72), timedelta(hours=1)
TRIES = 5
WORK_FACTOR = 2**14  # of scrypt: about 50 ms a try, and there are five an hour
Record = Mapping[str, JSON]


async def nobody_seated(work: Work, at: datetime) -> bool:
    """Whether no seat of 办公室 or 管理员 is held: only then a code opens anything."""
    return not any([await work.directory.people(at, post=post) for post in (Post.OFFICE, Post.OPERATOR)])


def hashed(code: str, salt: str) -> str:
    """What is kept of a code."""
    return hashlib.scrypt(code.upper().encode(), salt=salt.encode(), n=WORK_FACTOR, r=8, p=1).hex()


def new_record(code: str, salt: str, at: datetime, before: Record) -> Record:
    """The record of a new code. A lock outlives it, and so does the right of who gave the right code before."""
    kept = {name: before.get(name) for name in ("locked_until", "claimed_by", "claimed_until")}
    return {**kept, "salt": salt, "hash": hashed(code, salt), "until": (at + LIVES).isoformat(), "wrong": 0}


async def record_of(work: Work) -> Record:
    """The record that is kept; empty when there never was one."""
    kept = await work.settings.get(CODE)
    return kept if isinstance(kept, Mapping) else {}


def locked(record: Record, at: datetime) -> bool:
    """Whether too many wrong codes were tried within the hour."""
    return later(record, "locked_until", at)


def fits(record: Record, code: str, at: datetime) -> bool:
    """Whether this is the code, and it still stands. Compared in constant time."""
    tried = hashed(code, str(record.get("salt", "")))
    return hmac.compare_digest(tried, str(record.get("hash") or "")) and later(record, "until", at)


def claimed(record: Record, staff_id: str, at: datetime) -> bool:
    """Whether this person gave the right code and has not been seated yet."""
    return record.get("claimed_by") == staff_id and later(record, "claimed_until", at)


def missed(record: Record, at: datetime) -> Record:
    """The record after a wrong code: the fifth locks it for everybody."""
    wrong = int(str(record.get("wrong") or 0)) + 1
    if wrong < TRIES:
        return {**record, "wrong": wrong}
    return {**record, "wrong": 0, "locked_until": (at + LOCKED_FOR).isoformat()}


def taken_by(record: Record, staff_id: str, at: datetime) -> Record:
    """The record after the right code: it opens nothing a second time."""
    return {**spent(record), "claimed_by": staff_id, "claimed_until": (at + LIVES).isoformat()}


def spent(record: Record) -> Record:
    """The record of a code that no longer opens anything."""
    return {**record, "hash": None, "wrong": 0}


def later(record: Record, name: str, at: datetime) -> bool:
    """Whether that moment of the record is still to come."""
    moment = record.get(name)
    return isinstance(moment, str) and bool(moment) and at < datetime.fromisoformat(moment)
