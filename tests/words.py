"""Identifiers that stand for words in tests of the rules, where no text is kept."""

from framework.common.free_text import text_id

WHY = text_id("why")
"""Stands for a reason."""
