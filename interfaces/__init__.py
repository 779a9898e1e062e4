"""The entry points: command line, settings, engine client, rehearsal."""
