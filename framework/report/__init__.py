"""The shapes of a report: its halves and headings."""
