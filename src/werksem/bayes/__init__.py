"""The hierarchical posterior: sectors pooled, by sufficient statistics."""
