"""A small SMTP server that answers what a test tells it to: refusals and cuts that a real server makes on bad days."""

from __future__ import annotations

import base64
import os
import socketserver
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

COUPER = "couper"
DEFI = b"<1896.697170952@serveur.test>"  # of CRAM-MD5

# For each stage, the answer of the n-th time; the last one is repeated.
Script = Mapping[str, tuple[str, ...]]
_NORMAL = {
    "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go", ".": "250 ok", "AUTH": "235 ok", "RSET": "250 ok",
    "QUIT": "221 bye",
}


class SmtpScripte(socketserver.ThreadingTCPServer):
    """`recus` are the bodies taken with a 250 or cut after the final dot; `connexions` counts sessions."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, certificat: Path, cle: Path, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificat, cle)
        self.script = script
        self.passages: dict[str, int] = {}
        self.recus: list[bytes] = []
        self.connexions = 0
        self.accueil = "220 serveur de test"
        self.sans_tls = False
        self.tls_direct = False        # from the first byte
        self.taille: int | str = 0     # said by SIZE
        self.mecanisme = "PLAIN"
        self.glisse = ""               # said in clear behind the answer to STARTTLS
        self.identite = ""             # what AUTH said, base 64 read
        self.journal: BinaryIO | None = None

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def reponse(self, etape: str) -> str:
        reponses = self.script.get(etape, (_NORMAL[etape],))
        passage = self.passages.get(etape, 0)
        self.passages[etape] = passage + 1
        return reponses[min(passage, len(reponses) - 1)]

    def garder(self, corps: bytes) -> None:
        """Taken: on the disk before the 250, when there is a journal."""
        self.recus.append(corps)
        if self.journal is not None:
            self.journal.write(corps)
            os.fsync(self.journal.fileno())

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves in the middle is part of the tests."""


class _Session(socketserver.StreamRequestHandler):
    server: SmtpScripte

    def handle(self) -> None:
        self.server.connexions += 1
        if self.server.tls_direct:
            self._chiffrer()
        self._dire(self.server.accueil)
        commandes: dict[str, Callable[[], bool]] = {
            "STARTTLS": self._starttls, "DATA": self._data, "QUIT": self._quit, "AUTH": self._auth,
        }
        for ligne in iter(lambda: self.rfile.readline(), b""):
            mot, _, self._reste = ligne.decode().strip().partition(" ")
            mot = mot.upper()
            continuer = self._ehlo() if mot == "EHLO" else commandes.get(mot, lambda m=mot: self._repondre(m))()
            if not continuer:
                return

    def finish(self) -> None:
        """The TLS socket replaced the one that socketserver knows: closing it is up to us."""
        super().finish()
        self.connection.close()

    def _ehlo(self) -> bool:
        chiffre = isinstance(self.connection, ssl.SSLSocket)
        offre = f"AUTH {self.server.mecanisme}" if chiffre else "HELP" if self.server.sans_tls else "STARTTLS"
        taille = f"\r\n250-SIZE {self.server.taille}" if self.server.taille else ""
        self._dire(f"250-serveur{taille}\r\n250 {offre}")
        return True

    def _auth(self) -> bool:
        """PLAIN in one line; LOGIN asks twice, CRAM-MD5 once."""
        mecanisme, _, jeton = self._reste.partition(" ")
        demandes = {"LOGIN": ("VXNlcm5hbWU6", "UGFzc3dvcmQ6"), "CRAM-MD5": (base64.b64encode(DEFI).decode(),)}
        dits = [jeton] if jeton else []
        for demande in demandes.get(mecanisme, ()):
            self._dire(f"334 {demande}")
            dits.append(self.rfile.readline().decode().strip())
        self.server.identite = " ".join(base64.b64decode(dit).decode().replace("\0", " ").strip() for dit in dits)
        return self._repondre("AUTH")

    def _starttls(self) -> bool:
        self._dire(f"220 go{self.server.glisse}")
        self._chiffrer()
        return True

    def _chiffrer(self) -> None:
        self.connection = self.request = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)

    def _data(self) -> bool:
        reponse = self.server.reponse("DATA")
        if not reponse.startswith("354"):
            return self._donner(reponse)
        self._dire(reponse)
        corps = b"".join(iter(self.rfile.readline, b".\r\n"))
        reponse = self.server.reponse(".")
        if reponse.startswith("250") or reponse == COUPER:
            self.server.garder(corps)
        return self._donner(reponse)

    def _quit(self) -> bool:
        reponse = self.server.reponse("QUIT")
        return self._donner(reponse) and False

    def _repondre(self, mot: str) -> bool:
        return self._donner(self.server.reponse(mot))

    def _donner(self, reponse: str) -> bool:
        if reponse == COUPER:
            return False
        self._dire(reponse)
        return not reponse.startswith("421")

    def _dire(self, texte: str) -> None:
        self.wfile.write(texte.encode() + b"\r\n")


@contextmanager
def smtp_scripte(certificat: Path, cle: Path, **script: tuple[str, ...]) -> Iterator[SmtpScripte]:
    """The server, running for the time of the block. Stages: MAIL, RCPT, DATA, AUTH, and FIN for the final dot."""
    etapes = {"." if etape == "FIN" else etape: reponses for etape, reponses in script.items()}
    serveur = SmtpScripte(certificat, cle, etapes)
    fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.01})
    fil.start()
    try:
        yield serveur
    finally:
        serveur.shutdown()
        fil.join()
        serveur.server_close()


def main(certificat: str, cle: str, journal: str) -> None:
    """A server in its own process, for measures: says its port, stops when its input is closed."""
    with smtp_scripte(Path(certificat), Path(cle)) as serveur, Path(journal).open("wb", buffering=0) as fichier:
        serveur.journal = fichier
        print(serveur.port, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
