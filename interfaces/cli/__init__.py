"""The command line `inspections`, a command or two a file."""
