"""Readers on a serial port (PSS). Our frames are a project profile over T=1 blocks: the true ones are not public."""
