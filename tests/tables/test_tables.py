"""``validate_table``: verdicts as columns, and whatever can be wrong with a table."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable
from typing import Any

import pytest

from sor_addressing import AddressingPolicy, MissingExtra, Register
from sor_addressing.addressing.kinds import kind_named
from sor_addressing.tables import answers, arrow
from sor_addressing.tables.answers import VERDICT_COLUMNS
from sor_addressing.testing import RegisterBuilder
from sor_addressing.testing.numbers import location_number, sor_code

pa = pytest.importorskip("pyarrow", reason="needs the extra arrow")

NAMES = [name for name, _ in VERDICT_COLUMNS]
NUMBER = location_number(0)
OWNER = sor_code(0)
NOBODY = dict.fromkeys(NAMES) | {"outcome": "not_resolved", "deliverable": False, "findings": []}


@pytest.fixture(scope="module")
def register() -> Register:
    build = RegisterBuilder()
    owner = build.owner("Ejer", location_number=True)
    house = build.institution(owner, "Hus", inherits=True)
    build.unit(house, "Afsnit", inherits=True, provider_number="990001")
    build.unit(house, "Lukket", location_number=True, provider_number="990002", to_date=dt.date(2020, 1, 1))
    build.registers(NUMBER, "XDIS91 XD9134L", "XCTL02", "XCTL03")
    return build.build()


def rows(*pairs: tuple[str | None, str | None]) -> Any:
    recipients, types = zip(*pairs, strict=True) if pairs else ((), ())
    return pa.table({"recipient": pa.array(recipients, pa.string()), "message_type": pa.array(types, pa.string())})


def verdicts(table: Any) -> list[dict[str, object]]:
    return table.select(NAMES).to_pylist()


def expected(register: Register, pairs: Iterable[tuple[str, str]], **options: Any) -> list[dict[str, object]]:
    """The same from single verdicts, by their public face alone."""
    found = []
    for pair in pairs:
        verdict = register.validate(*pair, **options)
        recipient = verdict.resolution.recipient
        found.append(
            {
                "outcome": str(verdict.outcome),
                "deliverable": verdict.deliverable,
                "status": str(verdict.resolution.status),
                "sor_code": recipient and recipient.sor_code,
                "location_number": recipient and recipient.location_number,
                "unit_certain": recipient and recipient.unit_certain,
                "send_as": verdict.send_as and verdict.send_as.text,
                "arrives_as": verdict.arrives_as and verdict.arrives_as.text,
                "conversion_by": verdict.conversion and str(verdict.conversion.by),
                "findings": [finding.code for finding in verdict.findings],
                "errors": [finding.code for finding in verdict.findings if finding.severity == "error"],
            }
        )
    return found


PAIRS = [
    (NUMBER, "XDIS91"),
    ("990001", "DIS91"),
    ("990002", "XDIS91"),
    ("nobody at all", "XDIS91"),
    ("5,79E+12", "XDIS91"),
    (NUMBER, "REF01"),
    (OWNER, "FDIS91"),
    (NUMBER, "XDIS91"),
]


def test_every_row_gets_its_verdict_as_columns(register):
    table = rows(*PAIRS)
    checked = register.validate_table(table)
    assert checked.column_names == ["recipient", "message_type", *NAMES]
    assert checked.select(["recipient", "message_type"]) == table
    assert verdicts(checked) == expected(register, PAIRS)
    assert verdicts(checked)[0] == {
        "outcome": "supported",
        "deliverable": True,
        "status": "resolved",
        "sor_code": OWNER,
        "location_number": NUMBER,
        "unit_certain": True,
        "send_as": "XDIS91 XD9134L",
        "arrives_as": "XDIS91 XD9134L",
        "conversion_by": None,
        "findings": [],
        "errors": [],
    }
    assert {row["outcome"] for row in verdicts(checked)} == {"supported", "converted", "not_resolved", "unsupported"}


def test_day_direction_and_policy_are_those_of_validate(register):
    options: dict[str, Any] = {
        "on": dt.date(2019, 6, 1),
        "direction": "send",
        "policy": AddressingPolicy(severities={"registrations-not-historical": "error"}),
    }
    checked = register.validate_table(rows(*PAIRS), **options)
    assert verdicts(checked) == expected(register, PAIRS, **options)
    assert "registrations-not-historical" in verdicts(checked)[0]["errors"]


def test_a_row_that_cannot_be_asked_says_so_and_the_others_are_answered(register):
    blank: list[tuple[str | None, str | None]] = [
        (None, "XDIS91"), (" ", "XDIS91"), (NUMBER, None), (NUMBER, " \x00"), (None, None), (NUMBER, "XDIS91"),
    ]  # fmt: skip
    checked = verdicts(register.validate_table(rows(*blank)))
    nobody, nothing = ({**NOBODY, "errors": [code]} for code in ("recipient-missing", "message-type-missing"))
    assert checked == [nobody, nobody, nothing, nothing, nobody, *expected(register, [(NUMBER, "XDIS91")])]


def test_columns_of_nulls_alone_are_answered(register):
    nulls = pa.table({"recipient": pa.nulls(2), "message_type": pa.nulls(2)})
    assert [row["errors"] for row in verdicts(register.validate_table(nulls))] == [["recipient-missing"]] * 2


def test_a_table_without_rows_gets_the_columns(register):
    checked = register.validate_table(rows())
    assert checked.num_rows == 0
    assert [str(field.type).replace("element", "item") for field in checked.schema][2:] == [
        {"list<string>": "list<item: string>"}.get(kind, kind) for _, kind in VERDICT_COLUMNS
    ]
    assert register.validate_table(rows().schema.empty_table().combine_chunks()).schema == checked.schema


def test_other_columns_and_metadata_stay_as_they_are(register):
    table = rows(*PAIRS).append_column("line", pa.array(range(len(PAIRS)))).replace_schema_metadata({"day": "1"})
    checked = register.validate_table(table)
    assert checked.select(table.column_names) == table
    assert checked.schema.metadata == {b"day": b"1"}


def test_columns_are_named_by_the_caller_and_new_ones_by_a_prefix(register):
    table = rows(*PAIRS).rename_columns(["til", "status"])
    checked = register.validate_table(table, recipient="til", message_type="status", prefix="sor_")
    assert checked.column_names == ["til", "status", *(f"sor_{name}" for name in NAMES)]
    assert checked["sor_outcome"].to_pylist() == [row["outcome"] for row in expected(register, PAIRS)]


@pytest.mark.parametrize("kind", ["large_string", "dictionary", "string_view"])
def test_every_way_to_hold_text_is_read(kind, register):
    types = {
        "large_string": pa.large_string(),
        "dictionary": pa.dictionary(pa.int32(), pa.string()),
        "string_view": pa.string_view(),
    }
    table = rows(*PAIRS, (None, "DIS91"))
    held = pa.table({name: pa.array(table[name].to_pylist(), types[kind]) for name in table.column_names})
    assert verdicts(register.validate_table(held)) == verdicts(register.validate_table(table))


def test_a_record_batch_goes_out_as_one(register):
    batch = rows(*PAIRS).replace_schema_metadata({"day": "1"}).to_batches()[0]
    checked = register.validate_table(batch)
    assert isinstance(checked, pa.RecordBatch)
    assert pa.Table.from_batches([checked]) == register.validate_table(pa.Table.from_batches([batch]))
    assert checked.schema.metadata == {b"day": b"1"}


def test_a_reader_is_streamed_batch_by_batch(register):
    read = []
    schema = rows().schema

    def batches() -> Iterable[Any]:
        for number, pair in enumerate(PAIRS):
            read.append(number)
            yield rows(pair).to_batches()[0]

    checked = register.validate_table(pa.RecordBatchReader.from_batches(schema, batches()))
    assert isinstance(checked, pa.RecordBatchReader)
    assert read == []
    first = checked.read_next_batch()
    assert read == [0]
    rest = pa.Table.from_batches([first, *checked])
    assert verdicts(rest) == expected(register, PAIRS)


def test_a_long_table_is_asked_in_chunks_and_each_pair_once(register, monkeypatch):
    monkeypatch.setattr(arrow, "CHUNK", 4)
    asked = []

    def ask(pairs: Iterable[tuple[str, str]]) -> Iterable[Any]:
        yield from register.validate_many(pair for pair in pairs if not asked.append(pair))

    table = rows(*PAIRS * 3)
    checked = arrow.validate_table(table, ask, recipient="recipient", message_type="message_type", prefix="")
    assert verdicts(checked) == expected(register, PAIRS * 3)
    assert asked == list(dict.fromkeys(PAIRS))
    assert checked["outcome"].num_chunks == 6


def test_what_is_remembered_is_bounded(register, monkeypatch):
    monkeypatch.setattr(answers, "_MOST_REMEMBERED", 2)
    assert verdicts(register.validate_table(rows(*PAIRS))) == expected(register, PAIRS)


def test_a_table_is_asked_on_one_day_though_midnight_passes():
    days = iter([dt.date(2026, 1, 15), dt.date(2026, 1, 16)])
    build = RegisterBuilder()
    build.owner("Ejer", location_number=True)
    build.registers(NUMBER, "XDIS91")
    made = build.extract()
    register = Register.from_records(
        made.units, made.registrations, snapshot_date=dt.date(2026, 1, 15), clock=lambda: next(days)
    )
    assert register.validate_table(rows(*PAIRS)).num_rows == len(PAIRS)
    assert next(days) == dt.date(2026, 1, 16)


# polars


def test_a_polars_frame_goes_out_as_one(register):
    pl = pytest.importorskip("polars", reason="polars is not installed")
    pairs = [*PAIRS, (None, "DIS91")]
    frame = pl.DataFrame(pairs, schema=["recipient", "message_type"], orient="row").with_columns(
        pl.col("message_type").cast(pl.Categorical), day=dt.date(2026, 1, 15)
    )
    checked = register.validate_table(frame, prefix="v_")
    assert isinstance(checked, pl.DataFrame)
    assert checked.select(frame.columns).equals(frame)
    assert checked.select(frame.columns).schema == frame.schema
    named = checked.rename({f"v_{name}": name for name in NAMES}).select(NAMES)
    assert named.to_dicts() == verdicts(register.validate_table(rows(*pairs)))
    assert register.validate_table(frame.head(0)).columns == [*frame.columns, *NAMES]


@pytest.mark.parametrize("columns", [{"til": ["1"]}, {"recipient": ["1"], "message_type": ["1"], "errors": ["1"]}])
def test_a_polars_frame_is_refused_as_other_tables_are(columns, register):
    pl = pytest.importorskip("polars", reason="polars is not installed")
    with pytest.raises(ValueError, match=r"the table has (no column 'recipient'|errors already)"):
        register.validate_table(pl.DataFrame(columns))


# pandas, DuckDB, and whatever else hands itself over as Arrow


def test_a_pandas_frame_goes_out_as_one(register):
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    pairs = [*PAIRS, (None, "DIS91"), (NUMBER, None), (NUMBER, "")]
    frame = pd.DataFrame(pairs, columns=["recipient", "message_type"], index=[7] * len(pairs)).assign(n=1)
    checked = register.validate_table(frame, prefix="v_")
    assert isinstance(checked, pd.DataFrame)
    pd.testing.assert_frame_equal(checked[list(frame.columns)], frame)
    found = checked[[f"v_{name}" for name in NAMES]].astype(object)
    found = found.where(found.map(lambda cell: isinstance(cell, list) or not pd.isna(cell)), None)
    assert [dict(zip(NAMES, row, strict=True)) for row in found.to_numpy().tolist()] == verdicts(
        register.validate_table(rows(*pairs))
    )
    assert str(checked["v_deliverable"].dtype) == "bool"
    empty = register.validate_table(frame.head(0), prefix="v_")
    assert empty.dtypes.to_dict() == checked.dtypes.to_dict()


def test_a_pandas_frame_of_odd_values_is_answered_to_its_end(register):
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    odd = [NUMBER, None, float("nan"), pd.NA, 5790, b"x", ["a"], "", "NaN"]
    frame = pd.DataFrame({"recipient": pd.Series(odd, dtype=object), "message_type": "XDIS91"})
    missing, no_text = ["recipient-missing"], ["identifier-malformed"]
    found = register.validate_table(frame)["errors"].tolist()
    assert found == [[], missing, missing, missing, no_text, no_text, no_text, missing, missing]


@pytest.mark.parametrize("values", [[5790], [5790.0, None], [True]])
def test_a_pandas_column_of_numbers_is_refused(values, register):
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    with pytest.raises(TypeError, match=r"the column 'recipient' holds .*, not text"):
        register.validate_table(pd.DataFrame({"recipient": values, "message_type": ["XDIS91"] * len(values)}))


def test_pandas_needs_no_pyarrow(register, monkeypatch):
    pd = pytest.importorskip("pandas", reason="pandas is not installed")
    frame = pd.DataFrame({"recipient": pd.Series([NUMBER], dtype=object), "message_type": ["XDIS91"]})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert register.validate_table(frame)["deliverable"].tolist() == [True]


def test_a_relation_of_duckdb_comes_out_as_a_table(register):
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    relation = duckdb.sql(f"select '{NUMBER}' as recipient, 'XDIS91' as message_type union all select null, 'DIS91'")
    checked = register.validate_table(relation)
    assert isinstance(checked, pa.Table)
    assert sorted(checked["errors"].to_pylist()) == [[], ["recipient-missing"]]


def test_what_speaks_only_the_dataframe_protocol_is_read(register):
    class Frame:
        def __dataframe__(self, nan_as_null: bool = False, allow_copy: bool = True) -> Any:
            return rows(*PAIRS).__dataframe__(nan_as_null, allow_copy)

    assert verdicts(register.validate_table(Frame())) == expected(register, PAIRS)


def test_what_fails_while_it_is_handed_over_is_no_table(register):
    class Frame:
        def __arrow_c_stream__(self, requested_schema: object = None) -> Any:
            raise OSError("gone")

    with pytest.raises(TypeError, match=r"or anything that hands itself over as an Arrow table, not .*Frame"):
        register.validate_table(Frame())


@pytest.mark.parametrize(
    ("column", "given", "kind"),
    [
        ("ydernummer", None, "provider_number"),
        ("Modtagers ydernummer", None, "provider_number"),
        ("SOR-kode", None, "sor_code"),
        ("til_sorkode", None, "sor_code"),
        ("lokationsnummer", None, "location_number"),
        ("GLN", None, "location_number"),
        ("shak", None, "shak_code"),
        ("shakkode", None, "shak_code"),
        ("recipient", None, None),
        ("ydernummer", "sor_code", "sor_code"),
    ],
)
def test_the_name_of_the_column_says_the_kind(register, monkeypatch, column, given, kind):
    asked = []

    def ask(pairs: Iterable[tuple[str, str]], kind: str | None = None) -> Iterable[Any]:
        asked.append(kind)
        return register.validate_many(pairs)

    named = None if given is None else kind_named(given)
    table = rows(*PAIRS).rename_columns([column, "message_type"])
    arrow.validate_table(table, ask, recipient=column, message_type="message_type", prefix="", kind=named)
    assert asked == [kind]


# What is refused


def test_a_missing_column_is_named_with_those_that_are_there(register):
    table = rows(*PAIRS).rename_columns(["til", "type"])
    with pytest.raises(ValueError, match="no column 'recipient'; name the right one by recipient=: til, type"):
        register.validate_table(table)
    with pytest.raises(ValueError, match="no column 'message_type'; name the right one by message_type=: til, type"):
        register.validate_table(table, recipient="til")


def test_two_columns_of_one_name_are_refused(register):
    table = rows(*PAIRS).rename_columns(["recipient", "recipient"])
    with pytest.raises(ValueError, match="two columns 'recipient'"):
        register.validate_table(table, message_type="recipient")


def test_a_column_that_is_there_already_asks_for_a_prefix(register):
    table = rows(*PAIRS).append_column("status", pa.nulls(len(PAIRS)))
    with pytest.raises(ValueError, match="the table has status already: give the new columns a prefix="):
        register.validate_table(table)


@pytest.mark.parametrize(
    "values", [pa.array([5790]), pa.array([["text"]]), pa.array([1]).dictionary_encode(), pa.array([b"bytes"])]
)
def test_identifiers_that_are_no_text_are_refused(values, register):
    table = pa.table({"recipient": values, "message_type": ["XDIS91"]})
    with pytest.raises(TypeError, match=r"the column 'recipient' holds .*, not text; .* leading zeros count"):
        register.validate_table(table)


@pytest.mark.parametrize("given", [None, [("1", "XDIS91")], {"recipient": ["1"]}])
def test_another_kind_of_table_is_refused_with_a_way_out(given, register):
    with pytest.raises(TypeError, match=r"not builtins\.\w+; pyarrow\.table\(…\) makes one of most others"):
        register.validate_table(given)


def test_a_direction_that_is_none_is_refused_at_once(register):
    with pytest.raises(ValueError, match="sideways"):
        register.validate_table(rows(*PAIRS), direction="sideways")


def test_without_pyarrow_the_extra_is_named(register, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"validate_table needs the package pyarrow, .*sor-addressing\[arrow\]"):
        register.validate_table(rows)
