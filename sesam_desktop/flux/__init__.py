"""The wire formats, declared as data: B2, NOEMIE, ARL, security envelope, MIME, SCOR. Pure codecs: bytes ⇄ values."""
