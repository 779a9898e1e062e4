"""Roles, posts and teams, as the framework names them."""
