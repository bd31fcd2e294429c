"""Letters as FHIR messages, JSON and XML."""
