"""What all shapes stand on: kinds of text, ids and days, and how a shape is taken from a row."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field

from cairn.kernel.ids import PATTERN

WHOLE = r"^[^\x00]*$"  # no database keeps a NUL in a text

Id = Annotated[str, Field(pattern=f"^{PATTERN.pattern}$", examples=["3v8k1x9m2c7q5r0t4w6y"])]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$", examples=["effective-assessment"])]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$", examples=["1.1"])]
Number = Annotated[str, Field(pattern=r"^[0-9][0-9.]{0,19}$", examples=["1.0"])]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=WHOLE)]
Title = Annotated[str, Field(max_length=120, pattern=WHOLE)]
Email = Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[^\s\x00@]+@[^\s\x00@]+$")]


# Between 1900 and 2199: no calendar runs over the edge of what a date can be.
DAY = r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"


def _day(given: object) -> date:
    if not isinstance(given, str) or not re.fullmatch(DAY, given):
        raise ValueError("Write a day like 2026-05-01")
    return date.fromisoformat(given)


Day = Annotated[date, BeforeValidator(_day), Field(json_schema_extra={"pattern": DAY}, examples=["2026-05-01"])]
Moment = Annotated[datetime, Field(examples=["2026-05-01T17:00:00Z"])]


def at(*names: str, **more: Any) -> Any:
    """Taken from there, where a row or page object keeps it under another name: at("microcredential", "slug")."""
    return Field(validation_alias=AliasPath(*names), **more)


def example(**values: Any) -> ConfigDict:
    """The example that the description shows; a test holds it to the shape."""
    return ConfigDict(json_schema_extra={"examples": [values]})


class Plain(BaseModel):
    """What is sent: exactly these fields, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Asked(BaseModel):
    """What stands in the query of an address: the same, but numbers come as text."""

    model_config = ConfigDict(extra="forbid")


class Shown(BaseModel):
    """What is answered; `of` takes it from a row or page object whose attributes bear the same names."""

    model_config = ConfigDict(from_attributes=True)
