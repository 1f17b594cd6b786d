"""What the speeds are, on this machine, now: `make bench`. Not tests: nothing here passes or fails."""
