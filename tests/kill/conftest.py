"""The given of kill tests: the databases of the storage tests."""

from __future__ import annotations

from tests.storage.conftest import server, template

__all__ = ["server", "template"]
