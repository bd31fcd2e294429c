"""The endpoint register (EER) as it is sent: FHIR resources as JSON or XML, from bytes to records."""
