"""The measured figures."""
