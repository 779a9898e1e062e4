"""Letters, documents and publications on their way out."""
