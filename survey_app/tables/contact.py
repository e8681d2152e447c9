"""Contact details that people gave, apart from what they answered."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel

from survey_app.tables.base import new_id


class ContactDetail(SQLModel, table=True):
    """An e-mail address or telephone number, and what it was given for. Nothing leads to the answers."""

    __tablename__ = "contact_detail"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=36)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    purpose: str = Field(max_length=64)  # code of the item it was given under
    value: str = Field(max_length=254)
    language: str = Field(max_length=16)  # to write back in
    received_on: date
