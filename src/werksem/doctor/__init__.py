"""``werksem doctor``: versions, threads, folders and combinations that are known not to work."""
