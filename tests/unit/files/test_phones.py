"""The last four digits of a telephone number, in the writings that lists hold."""

import pytest

from cairn.kernel.errors import Invalid
from cairn.pure.files import read_phone_ending

WRITINGS = (
    "(573) 555-0142", "573.555.0142", "+1 573 555 0142", "5735550142", "5735550142.0", "555-0142", "0142", "1573***0142", "xxx-xxx-0142",
    "573xxx0142", "(573) 555-0142 ext. 7", "573-555-0142 x1204", "573-555-0142 #3", "573-555-0142 extension 12", "(573)555 01 42",
)  # fmt: skip


@pytest.mark.parametrize("written", WRITINGS)
def test_every_usual_writing_has_the_same_ending(written):
    assert read_phone_ending(written) == "0142"


UNCLEAR = ("", "none", "5.73555E+09", "573-555-O142", "=1+1", "142", "573 555 0142 kim@example.org", "1" * 40, "٠١٤٢")


@pytest.mark.parametrize("written", UNCLEAR)
def test_what_is_no_number_is_refused_and_not_repeated(written):
    with pytest.raises(Invalid) as no:
        read_phone_ending(written)
    assert not written or written not in str(no.value)
