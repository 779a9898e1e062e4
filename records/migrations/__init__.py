"""The migrations. None of them ever rebuilds the `events` table: a rebuild drops the triggers that guard it."""
