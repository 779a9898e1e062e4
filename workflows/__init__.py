"""The workflows: durable and deterministic, one a file."""
