"""Files that people write: orders and other YAML."""
