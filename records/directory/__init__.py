"""The directory: authorities, people, their posts and addresses."""
