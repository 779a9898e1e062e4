"""Models that cross the boundary between entry points, workflows and activities."""
