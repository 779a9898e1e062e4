"""Making documents from templates."""
