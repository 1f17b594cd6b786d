"""A child that writes down the environment it was given."""

import json
import os
import sys

sys.stdout.write(json.dumps(dict(os.environ)))
