"""Tests of `application/serializers`."""
