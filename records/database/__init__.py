"""Connections, migrations and dumps."""
