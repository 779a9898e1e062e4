"""Access log, checkpoints, signatures, restores."""
