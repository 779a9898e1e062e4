"""What a step brings: letters, documents, tasks and further events, a file for each part of an inspection's life."""
