"""The doors: command line, settings, engine client, rehearsal."""
