"""What may be asked of a card again. Rules of ISO 7816-4: the meaning of P1 of SELECT, and what reading changes."""

import pytest

from sesam_desktop.lecteurs.reprise import se_repete


@pytest.mark.parametrize("apdu", [
    "00B0000000",                        # READ BINARY at an offset
    "00CB3FFF0A4D087006BF810102A080",    # GET DATA
    "00A4040C0BD250000002564954414C45",  # SELECT by name
    "00A40000023F00",                    # SELECT of the master file
    "00A40900043F00D003",                # SELECT by path, from the master file
    "00A4020002D003",                    # SELECT of a file of the folder one is in
])
def test_done_twice_it_is_the_same(apdu: str):
    assert se_repete(bytes.fromhex(apdu))


@pytest.mark.parametrize("apdu", [
    "0020000104",        # VERIFY: a try is counted
    "002A9E9A00",        # a signature
    "00B2010400",        # READ RECORD may go to the next one
    "00A40000020001",    # SELECT of a sub-folder: a second one looks below the first
    "00A40900020001",    # SELECT by a path below the folder one is in
    "00A4040202D250",    # SELECT by name, next occurrence
    "00C0000010",        # GET RESPONSE: what was taken is gone
])
def test_done_twice_it_may_be_something_else(apdu: str):
    assert not se_repete(bytes.fromhex(apdu))
