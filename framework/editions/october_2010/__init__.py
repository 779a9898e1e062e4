"""Tables of the edition of October 2010."""
