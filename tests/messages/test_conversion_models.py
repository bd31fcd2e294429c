from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sor_addressing.errors import PolicyError
from sor_addressing.identifiers import LocationNumber
from sor_addressing.messages.catalogue import MessageFormat
from sor_addressing.messages.conversions import (
    ConversionModel,
    ConversionParty,
    ConversionRow,
    ConversionScope,
    Converter,
)

EDI, XML, FHIR = MessageFormat
GLN = LocationNumber.validate("5790999000017")
SHIPPED = ["none", "current-practice", "receiver-converts", "sender-converts"]


def who(model: ConversionModel, family: str, from_format: str, to_format: str, **receiver: str) -> str | None:
    row = model.row_for(family, from_format, to_format, **receiver)
    return row and row.by


@pytest.mark.parametrize(
    ("name", "edi_to_xml", "xml_to_edi"),
    [
        ("none", None, None),
        ("current-practice", "receiver", "sender"),
        ("receiver-converts", "receiver", "receiver"),
        ("sender-converts", "sender", "sender"),
    ],
)
def test_the_shipped_models_say_who_converts_between_edi_and_xml(name, edi_to_xml, xml_to_edi):
    model = ConversionModel.shipped(name)
    assert model.name == name
    for family in ("DIS91", "REF01", "RPT01F"):
        assert (who(model, family, EDI, XML), who(model, family, XML, EDI)) == (edi_to_xml, xml_to_edi)


@pytest.mark.parametrize("name", SHIPPED)
def test_only_the_national_service_converts_for_fhir_and_only_correspondence(name):
    model = ConversionModel.shipped(name)
    expected = None if name == "none" else Converter.NATIONAL_SERVICE
    for legacy in (EDI, XML):
        assert (who(model, "DIS91", legacy, FHIR), who(model, "DIS91", FHIR, legacy)) == (expected, expected)
        for family in ("DIS90", "FDIS20", "DIS20", "FCTL"):
            assert (who(model, family, legacy, FHIR), who(model, family, FHIR, legacy)) == (None, None)


def test_the_model_none_has_no_rows():
    assert ConversionModel.shipped("none") == ConversionModel("none", ())


def test_a_shipped_model_is_read_once_and_is_hashable():
    model = ConversionModel.shipped("current-practice")
    assert model is ConversionModel.shipped("current-practice")
    assert {model: 1}[ConversionModel("current-practice", model.rows)] == 1
    assert len(model.rows) == 6
    assert repr(model) == "ConversionModel(name='current-practice')"


def test_an_unknown_model_is_refused_and_the_known_ones_are_named():
    with pytest.raises(PolicyError) as refused:
        ConversionModel.shipped("everybody")
    assert str(refused.value) == (
        "no conversion model 'everybody': there are none, current-practice, receiver-converts, sender-converts; "
        "load your own from a file"
    )


def test_the_senders_side_is_the_sender_and_its_operator():
    assert [converter.value for converter in Converter if converter.on_senders_side] == ["sender", "sender-operator"]


def test_a_format_of_the_same_kind_or_an_unknown_family_has_no_row():
    model = ConversionModel.shipped("current-practice")
    assert (who(model, "DIS91", EDI, EDI), model.row_for(None, EDI, XML)) == (None, None)


def test_formats_may_be_given_as_texts():
    assert who(ConversionModel.shipped("current-practice"), "DIS91", "XML", "FHIR") is Converter.NATIONAL_SERVICE


RECEIVER = {"region": "1082", "net_operator": "100097", "system": "Prøvesystem", "location_number": GLN}
SCOPED = [
    ConversionRow("*", EDI, XML, Converter.RECEIVER),
    ConversionRow("DIS91", EDI, XML, Converter.SENDER),
    ConversionRow("*", EDI, XML, Converter.RECEIVER_OPERATOR, ConversionScope.REGION, "1082"),
    ConversionRow("*", EDI, XML, Converter.SENDER_OPERATOR, ConversionScope.NET_OPERATOR, "100097"),
    ConversionRow("*", EDI, XML, Converter.RECEIVER, ConversionScope.SYSTEM, "Prøvesystem"),
    ConversionRow("*", EDI, XML, Converter.SENDER, ConversionScope.LOCATION_NUMBER, GLN),
    ConversionRow("DIS91", EDI, XML, Converter.NATIONAL_SERVICE, ConversionScope.LOCATION_NUMBER, GLN),
]


@pytest.mark.parametrize("count", range(1, len(SCOPED) + 1))
def test_the_narrowest_row_wins(count):
    model = ConversionModel("own", SCOPED[:count])
    assert model.row_for("DIS91", EDI, XML, **RECEIVER) is SCOPED[count - 1]


def test_a_scope_beats_a_named_family():
    model = ConversionModel("own", [SCOPED[1], SCOPED[2]])
    assert who(model, "DIS91", EDI, XML, region="1082") is Converter.RECEIVER_OPERATOR
    assert who(model, "DIS91", EDI, XML, region="1081") is Converter.SENDER
    assert who(model, "DIS91", EDI, XML) is Converter.SENDER
    assert who(model, "REF01", EDI, XML, region="1081") is None


def test_a_scope_holds_for_its_value_only_whatever_the_case():
    model = ConversionModel("own", [SCOPED[4]])
    assert who(model, "DIS91", EDI, XML, system="PRØVESYSTEM") is Converter.RECEIVER
    assert who(model, "DIS91", EDI, XML, system="Andet") is None
    assert who(model, "DIS91", EDI, XML, region="Prøvesystem") is None
    assert who(model, "DIS91", XML, EDI, system="Prøvesystem") is None


def test_a_row_by_nobody_switches_a_wider_one_off():
    off = ConversionRow("DIS91", EDI, XML, None, ConversionScope.REGION, "1082")
    model = ConversionModel("own", [SCOPED[0], off])
    assert who(model, "DIS91", EDI, XML, region="1082") is None
    assert who(model, "REF01", EDI, XML, region="1082") is Converter.RECEIVER
    assert who(model, "DIS91", EDI, XML, region="1081") is Converter.RECEIVER
    assert off.to_dict()["by"] == "nobody"
    assert str(off) == "DIS91 EDI to XML by nobody (region 1082)"
    assert ConversionRow("DIS91", EDI, XML, "nobody", "region", "1082") == off


def test_a_row_shows_plain_types():
    shown = SCOPED[2].to_dict()
    assert shown == {
        "family": "*",
        "from_format": "EDI",
        "to_format": "XML",
        "by": "receiver-operator",
        "scope": "region",
        "scope_value": "1082",
    }
    assert {type(value) for value in shown.values()} == {str}


def test_two_equal_rows_that_differ_in_who_converts_are_refused():
    with pytest.raises(PolicyError) as refused:
        ConversionModel("own", [SCOPED[0], ConversionRow("*", EDI, XML, Converter.SENDER)])
    assert str(refused.value) == "two rows contradict each other: * EDI to XML by receiver; * EDI to XML by sender"
    with pytest.raises(PolicyError, match=r"by receiver; \* EDI to XML by nobody"):
        ConversionModel("own", [SCOPED[0], ConversionRow("*", EDI, XML, None)])


def test_two_rows_that_are_the_same_are_no_contradiction():
    assert who(ConversionModel("own", [SCOPED[0], SCOPED[0]]), "DIS91", EDI, XML) is Converter.RECEIVER


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (("*", EDI, EDI, None), "from_format and to_format are both EDI: there is nothing to convert"),
        (("*", EDI, XML, None, "all", "1082"), "scope_value is '1082' and the scope is all: name a scope"),
        (("*", EDI, XML, None, "region"), "the scope is region, and scope_value is missing: say which region"),
    ],
)
def test_a_row_that_says_nothing_is_refused(fields, message):
    with pytest.raises(PolicyError) as refused:
        ConversionRow(*fields)
    assert str(refused.value) == message


NARROWER = list(ConversionScope)
PARTIES = st.fixed_dictionaries(
    {scope.value: st.sampled_from([None, f"{scope.value} 1", "other"]) for scope in NARROWER[1:-1]}
    | {"location_number": st.sampled_from([None, GLN])}
)
BOUND = [("all", ""), *((scope.value, f"{scope.value} 1") for scope in NARROWER[1:-1]), ("location_number", GLN)]
DAYS = st.none() | st.integers(0, 6).map(lambda n: dt.date(2026, 1, 1) + dt.timedelta(n))


@st.composite
def any_rows(draw: st.DrawFn) -> list[ConversionRow]:
    """Rows of any scopes and days, without two that contradict each other: those are refused, which has a test of its own."""
    rows: list[ConversionRow] = []
    for _ in range(draw(st.integers(0, 12))):
        first, last = draw(DAYS), draw(DAYS)
        if first and last and last < first:
            first, last = last, first
        row = ConversionRow(
            draw(st.sampled_from(["DIS91", "*"])),
            EDI,
            XML,
            draw(st.sampled_from([None, *Converter])),
            *draw(st.sampled_from(BOUND)),
            *draw(st.sampled_from(BOUND)),
            first,
            last,
        )
        if not any(contradict(row, other) for other in rows):
            rows.append(row)
    return rows


def contradict(row: ConversionRow, other: ConversionRow) -> bool:
    days = [dt.date(2025, 12, 31) + dt.timedelta(n) for n in range(9)]
    return says(row) == says(other) and row.by != other.by and any(holds(row, d) and holds(other, d) for d in days)


def says(row: ConversionRow) -> tuple[object, ...]:
    return row.family, row.scope, row.scope_value, row.sender_scope, row.sender_scope_value


def holds(row: ConversionRow, day: dt.date) -> bool:
    return (row.from_date or dt.date.min) <= day <= (row.to_date or dt.date.max)


@settings(max_examples=400)
@given(
    any_rows(),
    PARTIES,
    PARTIES,
    st.sampled_from(["DIS91", "REF01"]),
    st.integers(-1, 7).map(lambda n: dt.date(2026, 1, 1) + dt.timedelta(n)),
)
def test_any_model_answers_as_a_naive_reading_does(rows, receiver, sender, family, day):
    fitting = [
        (
            row.scope != "all",
            row.sender_scope != "all",
            NARROWER.index(row.scope),
            NARROWER.index(row.sender_scope),
            row.family != "*",
            row.by,
        )
        for row in rows
        if row.family in ("*", family)
        and holds(row, day)
        and (row.scope == "all" or receiver[row.scope] == row.scope_value)
        and (row.sender_scope == "all" or sender[row.sender_scope] == row.sender_scope_value)
    ]
    expected = max(fitting, key=lambda found: found[:5])[5] if fitting else None
    known = {name: value for name, value in sender.items() if value}
    model = ConversionModel("own", rows)
    assert who(model, family, EDI, XML, **receiver, sender=known or None, on=day) == expected


@given(any_rows(), any_rows())
def test_two_rows_that_say_the_same_of_a_day_and_differ_are_refused_and_no_others(rows, more):
    together = [*rows, *more]
    contradicting = any(contradict(row, other) for row in rows for other in more)
    try:
        ConversionModel("own", together)
    except PolicyError as error:
        assert contradicting
        one, other = error.reason.removeprefix("two rows contradict each other: ").split("; ")
        named = [next(row for row in together if str(row) == text) for text in (one, other)]
        assert contradict(*named)
    else:
        assert not contradicting


def test_a_row_for_both_parties_beats_one_for_the_receiver_beats_one_for_the_sender_beats_one_for_all():
    sender = {"sender_scope": "region", "sender_scope_value": "1081"}
    rows = [
        ConversionRow("*", EDI, XML, "sender"),
        ConversionRow("DIS91", EDI, XML, "sender-operator", **sender),
        ConversionRow("*", EDI, XML, "receiver", "region", "1082"),
        ConversionRow("*", EDI, XML, "receiver-operator", "region", "1082", **sender),
    ]
    model = ConversionModel("own", rows)
    here, there = {"region": "1082"}, {"region": "1084"}
    assert who(model, "DIS91", EDI, XML, **here, sender=there | {"region": "1081"}) == "receiver-operator"
    assert who(model, "DIS91", EDI, XML, **here, sender=there) == "receiver"
    assert who(model, "DIS91", EDI, XML, **here) == "receiver"
    assert who(model, "DIS91", EDI, XML, **there, sender="5790999000017") == "sender"
    assert who(model, "DIS91", EDI, XML, **there, sender={"region": "Region Nordjylland"}) == "sender-operator"


def test_a_row_holds_from_its_first_day_to_its_last():
    model = ConversionModel(
        "own",
        [
            ConversionRow("*", EDI, XML, "receiver", to_date="2026-03-31"),
            ConversionRow("*", EDI, XML, "sender", from_date=dt.date(2026, 4, 1), to_date="9999-12-31"),
        ],
    )
    days = ["0001-01-01", "2026-03-31", "2026-04-01", "9999-12-31"]
    told = [who(model, "DIS91", EDI, XML, on=dt.date.fromisoformat(day)) for day in days]
    assert told == ["receiver", "receiver", "sender", "sender"]
    assert str(model.rows[1]) == "* EDI to XML by sender (from 2026-04-01, to 9999-12-31)"
    assert model.rows[0].to_dict()["to_date"] == "2026-03-31"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"from_date": "2026-02-30"}, "from_date is '2026-02-30': write a day such as 2026-01-15"),
        ({"to_date": 20260101}, "to_date is 20260101: write a day such as 2026-01-15"),
        (
            {"from_date": "2026-02-01", "to_date": "2026-01-31"},
            "to_date 2026-01-31 is before from_date 2026-02-01: the row never holds",
        ),
        (
            {"sender_scope_value": "1082"},
            "sender_scope_value is '1082' and the sender_scope is all: name a sender_scope",
        ),
        ({"sender_scope": "system"}, "the sender_scope is system, and sender_scope_value is missing: say which system"),
    ],
)
def test_a_row_that_is_bound_to_nothing_real_is_refused(fields, message):
    with pytest.raises(PolicyError) as refused:
        ConversionRow("*", EDI, XML, "sender", **fields)
    assert str(refused.value) == message
    assert refused.value.text("da") != message


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ("5790", "sender is '5790': expected a location number of 13 digits"),
        ({}, "sender is empty: give a location number, or one of region, net_operator, supplier, system,"),
        ({"ward": "1"}, "sender names ward: use region, net_operator, supplier, system, location_number"),
        ({"region": 1082}, "sender gives region the value 1082: write a text"),
        (5, "sender is 5: give a location number, or a mapping of what is known"),
    ],
)
def test_a_sender_that_is_none_is_refused(given_, message):
    with pytest.raises(PolicyError) as refused:
        ConversionParty.of(given_)
    assert str(refused.value).startswith(message)


CSV = """# what region platforms do
family,from_format,to_format,by,scope,scope_value
*,EDI,XML,receiver,,
dis91,xml,edi,NOBODY,Region,1082

*,XML,EDI,receiver-operator,location_number,579 0999 000017
"""
LOADED = (
    ConversionRow("*", EDI, XML, Converter.RECEIVER),
    ConversionRow("DIS91", XML, EDI, None, ConversionScope.REGION, "1082"),
    ConversionRow("*", XML, EDI, Converter.RECEIVER_OPERATOR, ConversionScope.LOCATION_NUMBER, GLN),
)
TOML = f"""
name = "platforms"

[[rows]]
family = "*"
from_format = "EDI"
to_format = "XML"
by = "receiver"

[[rows]]
family = "DIS91"
from_format = "XML"
to_format = "EDI"
by = "nobody"
scope = "region"
scope_value = 1082

[[rows]]
family = "*"
from_format = "XML"
to_format = "EDI"
by = "receiver-operator"
scope = "location_number"
scope_value = {GLN}
"""


BOUND_CSV = """family,from_format,to_format,by,scope,scope_value,sender_scope,sender_scope_value,from_date,to_date
*,EDI,XML,receiver,supplier,9201,region,Region Midtjylland,2026-01-01,2026-03-31
*,EDI,XML,receiver,,,location_number,579 0999 000017,,
"""
BOUND_TOML = f"""
[[rows]]
family = "*"
from_format = "EDI"
to_format = "XML"
by = "receiver"
scope = "supplier"
scope_value = 9201
sender_scope = "region"
sender_scope_value = 1082
from_date = 2026-01-01
to_date = "2026-03-31"

[[rows]]
family = "*"
from_format = "EDI"
to_format = "XML"
by = "receiver"
sender_scope = "location_number"
sender_scope_value = {GLN}
"""


@pytest.mark.parametrize(("ending", "text"), [("csv", BOUND_CSV), ("toml", BOUND_TOML)])
def test_senders_and_days_are_read_from_both_files(tmp_path, ending, text):
    path = tmp_path / f"m.{ending}"
    path.write_text(text, "utf-8")
    assert ConversionModel.load(path).rows == (
        ConversionRow("*", EDI, XML, "receiver", "supplier", "9201", "region", "1082", "2026-01-01", "2026-03-31"),
        ConversionRow("*", EDI, XML, "receiver", sender_scope="location_number", sender_scope_value=GLN),
    )


def test_every_model_of_a_file_is_read_at_once(tmp_path):
    path = tmp_path / "models.csv"
    path.write_text("model,family,from_format,to_format,by\none,*,EDI,XML,sender\ntwo,*,EDI,XML,receiver\n", "utf-8")
    assert [model.name for model in ConversionModel.load_all(path)] == ["one", "two"]


def test_a_row_that_names_no_model_beside_rows_that_do_is_refused_and_not_dropped(tmp_path):
    path = tmp_path / "models.csv"
    head = "model,family,from_format,to_format,by\n"
    path.write_text(head + "one,*,EDI,XML,sender\n,*,XML,EDI,national-service\n", "utf-8")
    for read in (ConversionModel.load, ConversionModel.load_all, lambda file: ConversionModel.load(file, name="one")):
        with pytest.raises(
            PolicyError, match=r"models\.csv, line 3: model is blank: name one in every row, or in none"
        ):
            read(path)
    path.write_text(head + ",*,EDI,XML,sender\n", "utf-8")
    assert ConversionModel.load(path).name == "models"


@pytest.mark.parametrize("text", [CSV, CSV.replace(",", ";"), CSV.replace(",", "\t"), CSV.replace("\n", "\r\n")])
def test_a_model_is_read_from_csv_and_called_as_its_file(tmp_path, text):
    path = tmp_path / "platforms.csv"
    path.write_bytes(text.encode("utf-8-sig"))
    assert ConversionModel.load(path) == ConversionModel("platforms", LOADED)
    assert ConversionModel.load(str(path), name="mine") == ConversionModel("mine", LOADED)


def test_a_model_is_read_from_toml(tmp_path):
    path = tmp_path / "model.toml"
    path.write_text(TOML, "utf-8")
    assert ConversionModel.load(path) == ConversionModel("platforms", LOADED)
    assert ConversionModel.load(path, name="platforms").name == "platforms"
    path.write_text("", "utf-8")
    assert ConversionModel.load(path) == ConversionModel("model")


def test_a_csv_may_hold_several_models(tmp_path):
    path = tmp_path / "models.csv"
    head = "model,family,from_format,to_format,by\n"
    path.write_text(head + "one,*,EDI,XML,sender\ntwo,*,EDI,XML,receiver\n", "utf-8")
    assert who(ConversionModel.load(path, name="two"), "DIS91", EDI, XML) is Converter.RECEIVER
    with pytest.raises(PolicyError, match=r"models\.csv: holds several models: one, two; say which with name="):
        ConversionModel.load(path)
    with pytest.raises(PolicyError, match=r"models\.csv: holds no model 'three': there are one, two"):
        ConversionModel.load(path, name="three")
    path.write_text(head + "one,*,EDI,XML,sender\n", "utf-8")
    assert ConversionModel.load(path).name == "one"


HEADER = "family,from_format,to_format,by,scope,scope_value\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "m.csv: is empty: expected a header with family, from_format, to_format, by"),
        ("family,by\n", "m.csv, line 1: no column from_format, to_format; the header reads: family, by"),
        (
            HEADER[:-1] + ",why\n",
            "m.csv, line 1: unknown column 'why'; the columns are family, from_format, to_format, by, model,",
        ),
        (
            HEADER + "*,EDI,XML\n",
            "m.csv, line 2: 3 fields where the header has 6: family,from_format,to_format,by,scope",
        ),
        (
            HEADER + "DIS98,EDI,XML,sender,,\n",
            "m.csv, line 2: family is 'DIS98': expected a family of the catalogue, or * for all",
        ),
        (
            HEADER + "# why\n\n*,PDF,XML,sender,,\n",
            "m.csv, line 4: from_format is 'PDF': expected EDI, XML, FHIR",
        ),
        (HEADER + "*,EDI,Word,sender,,\n", "m.csv, line 2: to_format is 'Word': expected EDI, XML, FHIR"),
        (
            HEADER + "*,EDI,XML,them,,\n",
            "m.csv, line 2: by is 'them': expected sender, sender-operator, receiver, receiver-operator",
        ),
        (
            HEADER + "*,EDI,XML,sender,ward,1\n",
            "m.csv, line 2: scope is 'ward': expected all, region, net_operator, system, location_number",
        ),
        (HEADER + "*,EDI,XML,sender,region,\n", "m.csv, line 2: the scope is region, and scope_value is missing: say"),
        (
            HEADER + "*,EDI,XML,sender,,1082\n",
            "m.csv, line 2: scope_value is '1082' and the scope is all: name a scope",
        ),
        (HEADER + "*,XML,XML,sender,,\n", "m.csv, line 2: from_format and to_format are both XML"),
        (
            HEADER + "*,EDI,XML,sender,location_number,5790\n",
            "m.csv, line 2: scope_value is '5790': expected 13 digits",
        ),
        (
            HEADER + "*,EDI,XML,sender,,\n*,EDI,XML,receiver,,\n",
            "m.csv: two rows contradict each other: * EDI to XML by sender; * EDI to XML by receiver",
        ),
    ],
)
def test_a_faulty_csv_is_refused_with_file_line_and_what_is_allowed(tmp_path, text, message):
    path = tmp_path / "m.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(PolicyError) as refused:
        ConversionModel.load(path)
    assert str(refused.value).startswith(f"{tmp_path / message}")


ROW = '[[rows]]\nfamily = "*"\nfrom_format = "EDI"\nto_format = "XML"\nby = "sender"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rows = [", "m.toml, line 1: not TOML: "),
        ('title = "x"\n', "m.toml, line 1: there is no key 'title'; the keys are name, rows"),
        ("name = 5\n", "m.toml, line 1: name is 5: write a text"),
        ("rows = 5\n", "m.toml, line 1: rows is 5: write tables, each under [[rows]]"),
        ("rows = [5]\n", "m.toml, line 1: rows is [5]: write tables, each under [[rows]]"),
        (ROW + '[[rows]]\nfamily = "*"\n', "m.toml, line 6: rows 2: there is no from_format, to_format, by"),
        (
            ROW + 'why = "x"\n',
            "m.toml, line 6: rows 1: there is no key 'why'; the keys are family, from_format, to_format, by, scope",
        ),
        (ROW + "scope = true\n", "m.toml, line 6: rows 1: scope is true: write a text"),
        (
            ROW + 'scope = "ward"\n',
            "m.toml, line 1: rows 1: scope is 'ward': expected all, region, net_operator, system,",
        ),
    ],
)
def test_a_faulty_toml_is_refused_with_file_row_and_what_is_allowed(tmp_path, text, message):
    path = tmp_path / "m.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(PolicyError) as refused:
        ConversionModel.load(path)
    assert str(refused.value).startswith(f"{tmp_path / message}")


def test_another_name_than_the_toml_files_is_refused(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text('name = "one"\n', "utf-8")
    with pytest.raises(PolicyError, match=r"m\.toml: holds no model 'two': there is one"):
        ConversionModel.load(path, name="two")


@pytest.mark.parametrize("name", ["gone.csv", "gone.toml"])
def test_a_missing_file_is_refused(tmp_path, name):
    with pytest.raises(PolicyError, match=f"{name}: can't be read: "):
        ConversionModel.load(tmp_path / name)
