"""The memory: tables, queries, migrations and the append-only log of events."""
