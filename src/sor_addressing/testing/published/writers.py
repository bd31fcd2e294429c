"""The writer of each published file, under the key of its row in :mod:`sor_addressing.extracts.published`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sor_addressing.testing.published.companion_tables import (
    write_classifications,
    write_geolocations,
    write_location_message_types,
    write_locations,
    write_message_type_list,
    write_replaced_units,
    write_shak_map,
)
from sor_addressing.testing.published.endpoint_register import write_endpoint_register
from sor_addressing.testing.published.message_types import write_message_types
from sor_addressing.testing.published.providers import write_providers
from sor_addressing.testing.published.shak import write_hospitals, write_shak
from sor_addressing.testing.published.sor_xml import write_sor_xml
from sor_addressing.testing.published.unit_tables import write_organisations, write_sor_csv, write_sor_entity

__all__ = ["WRITERS"]

WRITERS: Mapping[str, Callable[..., None]] = {
    "sor_xml": write_sor_xml,
    "units_table": write_sor_entity,
    "sor_csv": write_sor_csv,
    "organisations": write_organisations,
    "message_types": write_message_types,
    "locations": write_locations,
    "location_message_types": write_location_message_types,
    "message_type_list": write_message_type_list,
    "replaced_units": write_replaced_units,
    "shak_map": write_shak_map,
    "classifications": write_classifications,
    "geolocations": write_geolocations,
    "shak": write_shak,
    "shak_hospitals": write_hospitals,
    "providers": write_providers,
    "endpoint_register": write_endpoint_register,
}
"""Each takes an extract and a path or binary file."""
