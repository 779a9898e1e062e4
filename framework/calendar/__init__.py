"""London days, bank holidays and working-day arithmetic."""
