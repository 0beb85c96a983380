"""Portable terminals (TLA): what is said to them, what they carry, what comes back. The messages are a profile of the
project (`docs/tla.md`): those of real terminals are not public."""
