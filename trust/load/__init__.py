"""Studies of growing size, made and measured."""
