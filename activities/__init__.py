"""The hands: activities that write records, render documents and send letters."""
