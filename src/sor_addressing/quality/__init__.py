"""The quality of a register: rules on its registrations, and reports for those who maintain them."""
