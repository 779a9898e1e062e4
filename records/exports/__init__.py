"""The content of an export of one inspection: rows, files, chronology. Zip container and signature are not made here."""
