"""Running the system: up, backup, measurement."""
