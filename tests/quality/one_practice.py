"""A register of one practice, and what one rule sees in it."""

from __future__ import annotations

import datetime as dt

from sor_addressing import audit
from sor_addressing.testing import RegisterBuilder

DAY = dt.date(2026, 1, 15)
YESTERDAY, TOMORROW = DAY - dt.timedelta(1), DAY + dt.timedelta(1)
NUMBER = "5790999000017"
STANDING = {"system": "Journal", "net_operator": "41000035001"}


class One:
    """A register of one practice with a location number, and what one rule sees in it."""

    def __init__(self, **unit: object) -> None:
        self.build = RegisterBuilder(DAY)
        self.owner = self.build.owner("Ejer")
        fields: dict[str, object] = {"location_number": NUMBER, "location": dict(STANDING)}
        self.unit = self.build.institution(self.owner, "Praksis", **{**fields, **unit})

    def registers(self, *types: str, send: bool | None = True, receive: bool | None = True) -> One:
        self.build.registers(NUMBER, *types, send=send, receive=receive)
        return self

    def below(self, name: str = "Under", **fields: object) -> str:
        return self.build.unit(self.unit, name, **{"inherits": True, **fields})

    def details(self, rule: str, **options: object) -> list[dict[str, object]]:
        found = audit(self.build.build(), rules=[rule], **options)
        assert not [one for one in found.not_checked if not one.partly]
        for one in found.remarks:
            assert one.rule == rule
            for language in ("da", "en"):
                assert "?" not in one.text(language) + one.fix(language)
        return [dict(one.details) for one in found.remarks]
