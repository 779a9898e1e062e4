"""What any lifecycle needs: steps, limits, ladders, decisions, due items."""
