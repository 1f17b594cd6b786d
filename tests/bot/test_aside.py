"""What a child process is given of the bot's surroundings."""

import json

import pytest

from bot.aside import run_aside


async def test_a_child_sees_no_secret_of_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DINGBAN_CLIENT_SECRET", "hush")
    monkeypatch.setenv("DINGBAN_DATABASE_URL", "postgresql://bot:hush@db/dingban")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    seen = await run_aside("tests.bot.surroundings", b"", 20.0, env={"OMP_NUM_THREADS": "1"})
    names = json.loads(seen)
    assert "PATH" in names
    assert "OMP_NUM_THREADS" in names
    assert b"hush" not in seen
    assert not [name for name in names if name.startswith(("DINGBAN_", "AWS_"))]
