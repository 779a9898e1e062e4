"""The access log, checkpoints and their signatures, kept histories of the engine, and statements about restores."""
