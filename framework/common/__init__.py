"""What all rules share: errors, validation, identifiers, free text, retention."""
