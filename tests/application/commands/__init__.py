"""Tests of `application/commands`."""
