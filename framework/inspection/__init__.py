"""The lifecycle of one inspection: state, forms, guards, outcomes."""
