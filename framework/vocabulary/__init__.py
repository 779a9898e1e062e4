"""The words of the framework: roles, posts and teams."""
