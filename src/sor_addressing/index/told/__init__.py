"""What SOR-EDI and the endpoint register each say of a location number, and which of it counts."""
