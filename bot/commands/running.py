"""`dingban run` and `dingban doctor`."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.commands.base import Refused, perform
from bot.logs import start_logs
from bot.say import Say
from bot.settings import Settings, read_settings

NOT_OURS = (errno.EADDRNOTAVAIL, errno.EACCES)
"""An address of another machine; a port that only root may open."""


def run_bot() -> None:
    """The bot until SIGTERM; settings and database are checked before anything is opened."""
    perform(serve)


async def serve() -> None:
    """Raises: Refused, BadSetting, StorageError."""
    settings = read_settings()
    settings.need_credentials()
    settings.need_certificates()
    start_logs(settings.log_level)
    with listening(settings):
        try_address(settings)
    from bot.app import App

    with listening(settings):
        await App(settings).run()


def try_address(settings: Settings) -> None:
    """Whether the status page can be opened there, before anything is written. Raises: OSError."""
    family, *_ = socket.getaddrinfo(settings.web_host, settings.web_port, type=socket.SOCK_STREAM)[0]
    socket.create_server((settings.web_host, settings.web_port), family=family).close()


@contextmanager
def listening(settings: Settings) -> Iterator[None]:
    """An address that cannot be listened at becomes a line. Raises: Refused."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Refused(Say.PORT_TAKEN.format(port=settings.web_port), 3) from error
        if isinstance(error, socket.gaierror) or error.errno in NOT_OURS:
            place = {"host": settings.web_host, "port": settings.web_port}
            raise Refused(Say.CANNOT_LISTEN.format(**place), 3) from error
        raise


def run_doctor() -> None:
    """Every finding as a line; exit code 1 when one is bad."""
    from bot.doctor import examine

    findings = perform(lambda: examine(read_settings()))
    for finding in findings:
        typer.echo(str(finding))
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)
