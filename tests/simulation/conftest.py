"""The given of simulations: the databases of the storage tests."""

from __future__ import annotations

from tests.storage.conftest import database, server, template, url

__all__ = ["database", "server", "template", "url"]
