"""The stories: durable, deterministic workflows, one a file."""
