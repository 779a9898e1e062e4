"""What a step needs before it may be taken, a file for each part of an inspection's life."""
