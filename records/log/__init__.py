"""The event log: appending and reading events, their hash chain, the texts they name, and the index of their words."""
