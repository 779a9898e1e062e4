"""`inspections up`: starts engine and worker, watches them, and starts them again."""
