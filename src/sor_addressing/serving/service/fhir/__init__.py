"""EAS over HTTP: its operations under ``/fhir``, their parameters checked against the published definitions."""
