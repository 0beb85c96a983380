"""Entry point of the frozen program."""

from sesam_desktop.__main__ import main

main()
