"""Connections, transactions, migrations, column types, and dumps of whole tables."""
