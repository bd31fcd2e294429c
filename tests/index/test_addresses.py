"""Which address holds: one unit asked, and whole columns settled in one pass, say the same."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st
from tests.index.naive_register import DAY, forests

from sor_addressing import Register
from sor_addressing.exports.above import Above
from sor_addressing.index.addresses import come_down, standing_in, visiting_addresses
from sor_addressing.index.columns import NOTHING
from sor_addressing.model import ADDRESS_FIELDS, CONTACT_FIELDS, UnitRecord
from sor_addressing.search.rules.facets import Facet


def parts(value: object, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(getattr(value, name) or "" for name in names) if value else ()


@given(forests())
def test_one_unit_and_whole_columns_have_the_same_address(records: list[UnitRecord]) -> None:
    register = Register.from_records(records, snapshot_date=DAY)
    index = register._index
    rows = range(len(index))
    packed = [index.record(row) for row in rows]
    settled = visiting_addresses(
        [one["visiting_address"] for one in packed],
        [one["postal_address"] for one in packed],
        index.columns.unit_postal,
    )
    above = Above(index)
    region, postcode, municipality = Facet(index, "region"), Facet(index, "postal_code"), Facet(index, "municipality")
    for row, unit in enumerate(register):
        visiting = parts(unit.visiting_address, ADDRESS_FIELDS)
        assert settled[row] == "\x1e".join(visiting).encode()
        assert above.town(row) == (unit.visiting_address.district or "" if unit.visiting_address else "")
        handed = above.of(row)
        from_above = above.of(index.columns.unit_parent[row]).postal.encode()
        assert standing_in(packed[row]["visiting_address"], packed[row]["postal_address"], from_above) == settled[row]
        assert handed.postal == "\x1e".join(parts(unit.postal_address, ADDRESS_FIELDS))
        assert handed.contact == "\x1e".join(parts(unit.contact, CONTACT_FIELDS))
        for facet, value in (
            (region, unit.region),
            (municipality, unit.municipality),
            (postcode, unit.visiting_address and unit.visiting_address.postcode),
        ):
            assert [v for at, v in enumerate(facet.values) if row in facet.rows(at)] == ([value] if value else [])


@given(st.lists(st.tuples(st.sampled_from([b"", b"", b"a", b"b"]), st.integers(-1, 11)), max_size=12))
def test_what_comes_down_is_that_of_the_nearest_above_also_in_a_circle(rows: list[tuple[bytes, int]]) -> None:
    parents = [above if above < len(rows) else NOTHING for _, above in rows]

    def nearest(row: int) -> bytes:
        for _ in rows:
            if rows[row][0] or parents[row] == NOTHING:
                break
            row = parents[row]
        return rows[row][0]

    assert come_down([own for own, _ in rows], parents, b"") == [nearest(row) for row in range(len(rows))]


def test_a_long_chain_takes_as_many_steps_as_it_has_units() -> None:
    """Each row is looked at a few times, whatever the order and however long the way up."""

    class Counting(list[int]):
        asked = 0

        def __getitem__(self, row: int) -> int:  # type: ignore[override]
            Counting.asked += 1
            return super().__getitem__(row)

    size = 30_000
    for parents in (Counting(range(-1, size - 1)), Counting([*range(1, size), NOTHING])):
        Counting.asked = 0
        come_down(array("i", [NOTHING]) * size, parents, NOTHING)
        assert Counting.asked <= 3 * size
