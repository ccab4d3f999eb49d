"""Days, times of day and addresses as people write them in tables. Not here: the tables (tables), time zones (whoever knows the place)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from cairn.kernel import zones
from cairn.kernel.errors import Invalid

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})(?: .*)?")
_WORDS = re.compile(r"(?:[a-z]+day,? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?: \(?[a-z.]+\)?)?", re.IGNORECASE)
# Days since the end of 1899 as spreadsheets count them, 1954 to 2100, and the part of the day behind the point: a cell without a format.
_SERIAL = re.compile(r"([2-6]\d{4}|7[0-2]\d{3})(\.\d+)?", re.ASCII)
_PART = re.compile(r"(?:0|[2-7]\d{4})(\.\d{1,17})", re.ASCII)
_SPREADSHEET_DAY = date(1899, 12, 30)
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*([ap]\.?\s?m\.?)?", re.IGNORECASE)
_ZONES = {
    "eastern": "America/New_York", "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "central": "America/Chicago", "ct": "America/Chicago", "cst": "America/Chicago", "cdt": "America/Chicago",
    "mountain": "America/Denver", "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver",
    "pacific": "America/Los_Angeles", "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "alaska": "America/Anchorage", "hawaii": "Pacific/Honolulu", "utc": "UTC", "gmt": "UTC",
}  # fmt: skip
_EMAIL = re.compile(r"[^\s@<>\"(),;:\[\]\\]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+", re.IGNORECASE)
_NAMED_EMAIL = re.compile(r"(?:mailto:|[^<>]*<)([^<>]+?)>?", re.IGNORECASE)  # "Kim Lee <kim@example.org>"
_EMAIL_LENGTH = 254
_PHONE = re.compile(r"[0-9*xX•]{0,12}[0-9]{4}", re.ASCII)  # some programs hide the middle: 1573***0142
_EXTENSION = re.compile(r"\s*(?:,|;|#|\bext(?:ension)?\b\.?|x)\s*", re.IGNORECASE)
_WHOLE_NUMBER = 7  # digits of a number without its area


def read_day(text: str) -> date:
    """2020-04-07, 4/7/2020, or April 7, 2020, with or without a time or the day of the week, or the number of a day as spreadsheets count
    them; Invalid for anything else."""
    words = " ".join(text.split())
    try:
        if found := _ISO.fullmatch(words):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _AMERICAN.fullmatch(words):
            year = int(found[3])
            return date(year + 2000 if year < 100 else year, int(found[1]), int(found[2]))
        if found := _WORDS.fullmatch(words):
            return date(int(found[3]), _month(found[1]), int(found[2]))
        if found := _SERIAL.fullmatch(words):
            return _SPREADSHEET_DAY + timedelta(days=int(found[1]))
    except ValueError:
        pass
    raise Invalid("day-unclear", f"“{text[:40]}” is not a day.", "Write it like 2020-04-07, or 4/7/2020.")


def _month(word: str) -> int:
    """1 for "Jan" or "January"; 0, which no day has, where no month begins so."""
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(word.lower())), 0)


def read_time(text: str) -> time:
    """16:00, 4 p.m., 4:30 PM, the time within a moment, or the part of a day as spreadsheets count it; Invalid for anything else, also for
    an hour that may be morning or night."""
    if part := _PART.fullmatch(text.strip()):
        minutes = round(float(part[1]) * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    words = text.rpartition("T")[2] if _ISO.fullmatch(text) and "T" in text else text.strip()
    found = _TIME.fullmatch(words)
    if found and (found[2] or found[3]):
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise Invalid("time-unclear", f"“{text[:40]}” is not a time of day.", "Write it like 16:00, or 4 p.m.")


def read_moment(text: str) -> datetime:
    """A day with its time, without a zone; midnight where no time is given."""
    day = read_day(text)
    rest = " ".join(text.split()).partition("T" if "T" in text[:11] else " ")[2]
    try:
        return datetime.combine(day, read_time(rest)) if rest else datetime.combine(day, time())
    except Invalid:
        return datetime.combine(day, time())


def read_zone(text: str) -> str:
    """ "Central", "CT", "Central time" or America/Chicago as the name that calendars know; Invalid for anything else."""
    words = text.strip()
    if found := _ZONES.get(words.lower().removesuffix(" time").removesuffix(" standard").removesuffix(" daylight")):
        return found
    if words in zones.known():
        return words
    raise Invalid("zone-unknown", f"“{text[:40]}” is not a time zone.", "Write it like Central, or America/Chicago.")


def read_phone_ending(text: str) -> str:
    """The last four digits of a telephone number in any usual writing, an extension left out; Invalid where it is none.

    What is written is not repeated in the refusal, since nobody else need read it.
    """
    number = text.strip().removesuffix(".0")  # a cell that was saved as a number
    main = _EXTENSION.split(number)[0]
    if sum(map(str.isdigit, main)) >= _WHOLE_NUMBER:
        number = main
    digits = re.sub(r"[\s().+/-]", "", number)
    if _PHONE.fullmatch(digits):
        return digits[-4:]
    raise Invalid("phone-unclear", "This is not a telephone number.", "Write the number, or its last four digits.")


def read_email(text: str) -> str:
    """An address in lower case, taken out of "Kim Lee <kim@example.org>"; Invalid where it is none."""
    named = _NAMED_EMAIL.fullmatch(text.strip())
    address = (named[1] if named else text).strip().lower()
    if len(address) <= _EMAIL_LENGTH and _EMAIL.fullmatch(address) and ".." not in address:
        return address
    raise Invalid("email-unclear", f"“{text[:60]}” is not an e-mail address.", "Write one address, like kim@example.org.")
