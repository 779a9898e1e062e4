"""The edition of October 2010."""
