"""Makes and checks exports of one inspection."""
