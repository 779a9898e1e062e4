"""What a process needs to run: settings, clock, connections."""
