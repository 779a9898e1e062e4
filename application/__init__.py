"""Use cases, the same for every entry point."""
