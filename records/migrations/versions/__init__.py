"""One module a migration, `mNNNN_what_it_does.py`; its revision is the four digits of its name."""
