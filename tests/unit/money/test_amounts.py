"""Amounts as people write them, what vouchers take off, and Stripe's signatures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cairn.kernel.errors import Invalid
from cairn.pure.money import MOST, cents_of, dollars, is_signed, signature, taken_off


@pytest.mark.parametrize(
    ("text", "cents"), [("180", 180_00), ("$180.50", 180_50), (" 1,250.05 ", 1_250_05), ("0", 0), ("$ 7.00", 7_00), ("1000000", MOST)]
)
def test_amounts_are_read_as_they_are_written(text, cents):
    assert cents_of(text) == cents


@pytest.mark.parametrize(
    "text", ["", "-1", "1.5", "1.505", "1,50", "180,00", "1e3", "\uff11\uff18\uff10", "NaN", "180 USD", "1000000.01", "9" * 5000]
)
def test_what_is_no_amount_is_refused_with_what_to_write(text):
    with pytest.raises(Invalid) as refused:
        cents_of(text)
    assert "amount in dollars" in refused.value.remedy


@given(st.integers(0, MOST))
def test_an_amount_is_read_back_as_it_was_said(cents):
    assert cents_of(dollars(cents)) == cents


@given(st.integers(0, MOST), st.integers(1, 100), st.integers(0, MOST))
def test_a_voucher_never_takes_off_more_than_there_is_and_is_never_short(cents, percent, off):
    part = taken_off(cents, percent=percent, off=None)
    assert 0 <= part <= cents
    assert part * 100 >= cents * percent > (part - 1) * 100 or part == cents
    assert taken_off(cents, percent=None, off=off) == min(cents, off)


def test_a_debt_is_said_with_its_sign():
    assert dollars(-1_250_50) == "-$1,250.50"


@given(st.binary(max_size=200), st.integers(0, 2**31), st.integers(-400, 400))
def test_a_notice_is_believed_within_five_minutes_and_with_the_right_secret_alone(payload, at, later):
    header = f"t={at},v1={signature(payload, secret='whsec', at=at)}"
    assert is_signed(payload, header, secret="whsec", now=at + later) == (abs(later) <= 300)
    assert not is_signed(payload, header, secret="other", now=at)
    assert not is_signed(payload + b" ", header, secret="whsec", now=at)
    assert not is_signed(payload, header, secret="", now=at)


@given(st.text(max_size=60))
def test_no_header_breaks_the_check(header):
    assert not is_signed(b"{}", header, secret="whsec", now=0)
