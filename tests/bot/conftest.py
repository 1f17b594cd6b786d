"""The given of the bot's tests: the databases of the storage tests."""

from __future__ import annotations

from tests.storage.conftest import database, empty_url, server, template, twin, url

__all__ = ["database", "empty_url", "server", "template", "twin", "url"]
