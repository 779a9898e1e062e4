"""Letters and documents: what each kind is."""
