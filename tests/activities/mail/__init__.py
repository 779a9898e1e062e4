"""Tests of `activities/mail`."""
