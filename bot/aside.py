"""One Python module run once in a child process: bytes in, bytes out, never longer than it may."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

EFFORT = "effort"  # too long or too much
LONGEST = 20  # characters of the child's own word


NEEDED = frozenset(
    ["PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TMP", "TEMP", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT"]
)
NEEDED_KINDS = ("LC_", "PYTHON", "XDG_", "MPL", "FONTCONFIG_")
"""What Python and its libraries look for; the bot's own settings, its secrets among them, stay with the bot."""


class ChildFailed(Exception):
    """`why`: `effort`, or the word the child left on its way out."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _plain(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables a child needs to run, none that says who we are."""
    return {name: value for name, value in environ.items() if name in NEEDED or name.startswith(NEEDED_KINDS)}


async def run_aside(
    module: str, data: bytes, within: float, words: Sequence[str] = (), env: Mapping[str, str] | None = None
) -> bytes:
    """What `python -m module words` wrote when given `data`; within seconds, or killed. Raises: ChildFailed."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *words,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={**_plain(os.environ), **(env or {})},
    )  # fmt: skip
    try:
        async with asyncio.timeout(within):
            out, _ = await child.communicate(data)
    except TimeoutError as error:
        raise ChildFailed(EFFORT) from error
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    if child.returncode:
        raise ChildFailed(out.decode(errors="replace")[:LONGEST] or EFFORT)
    return out
