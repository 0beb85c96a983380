"""Sesam Desktop: a billing workstation for French health professionals."""

__version__ = "0.1.0"
