"""Errors: one root, and a built-in that fits each."""

from __future__ import annotations

import inspect

import pytest

from sor_addressing import ExtractError, MissingExtra, SorAddressingError, errors

BUILT_INS = {
    "MalformedIdentifier": ValueError,
    "MalformedMessageType": ValueError,
    "UnknownRecipient": LookupError,
    "AmbiguousRecipient": LookupError,
    "RecipientNotAddressable": LookupError,
    "MessageTypeUnsupported": ValueError,
    "SupportUnknown": LookupError,
    "RegisterStale": RuntimeError,
    "ExtractError": ValueError,
    "SnapshotError": ValueError,
    "StoreError": OSError,
    "LetterError": ValueError,
    "AddressBookError": ValueError,
    "PolicyError": ValueError,
    "FilterError": ValueError,
    "PlanError": ValueError,
    "DeliveryError": ValueError,
    "RuleError": RuntimeError,
    "ExportError": ValueError,
    "NotWritten": OSError,
    "HandoverError": ValueError,
    "QuestionError": ValueError,
    "SchemaUnknown": LookupError,
    "ServiceError": ValueError,
    "MissingExtra": ImportError,
}


def test_there_are_these_errors_and_no_others():
    found = {name for name, value in inspect.getmembers(errors, inspect.isclass) if value.__module__ == errors.__name__}
    assert found == {"SorAddressingError", *BUILT_INS}


@pytest.mark.parametrize(("name", "built_in"), BUILT_INS.items())
def test_each_error_is_one_of_ours_and_a_fitting_built_in(name, built_in):
    error = getattr(errors, name)
    assert error.__bases__ == (SorAddressingError, built_in)
    if name != "MissingExtra":
        assert str(error("what was seen")) == "what was seen"
        with pytest.raises(built_in, match=r"^what was seen$"):
            raise error("what was seen")


@pytest.mark.parametrize(
    ("file", "line", "text"),
    [
        (None, None, "is empty"),
        ("Sor.xml", None, "Sor.xml: is empty"),
        ("Sor.zip/Sor.xml", 7, "Sor.zip/Sor.xml, line 7: is empty"),
        (None, 7, "line 7: is empty"),
    ],
)
def test_an_extract_error_says_where(file, line, text):
    error = ExtractError("is empty", file=file, line=line)
    assert (str(error), error.reason, error.file, error.line) == (text, "is empty", file, line)


def test_a_missing_extra_is_named_with_the_way_to_get_it():
    error = MissingExtra("The command line", "cli", "click")
    assert str(error) == (
        "The command line needs the package click, which is not installed: "
        "install the extra with  pip install 'sor-addressing[cli]'"
    )
    assert (error.extra, error.name) == ("cli", "click")
