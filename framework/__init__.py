"""The rules: what the framework of October 2010 says, as pure functions and tables. No clock, no network, no database."""
