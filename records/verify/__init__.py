"""Checks that the records were not altered: chains, commitments, projections, files, checkpoints, the engine's history."""
