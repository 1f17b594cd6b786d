"""`python -m bot.sandbox`: the sandbox without the product's command line."""

from __future__ import annotations

import argparse
import sys

from bot.sandbox.run import DEFAULT_DB, run_sandbox

parser = argparse.ArgumentParser(prog="dingban sandbox")
parser.add_argument("--port", type=int, default=8700)
parser.add_argument("--now")
parser.add_argument("--db", default=DEFAULT_DB)
parser.add_argument("--fresh", action="store_true")
parser.add_argument("--bare", action="store_true")
options = parser.parse_args()
sys.exit(run_sandbox(options.port, options.now, options.db, options.fresh, options.bare))
