"""The records: tables, queries, migrations and the append-only log of events."""
