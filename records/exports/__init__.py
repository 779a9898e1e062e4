"""What goes into an export of one inspection: rows, files and the story they tell. Nothing here knows of zips or keys."""
