"""Taking an inspection away: the archive, its manifest and signature, and the check that needs nothing else."""
