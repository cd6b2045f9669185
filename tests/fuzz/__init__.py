"""Laws that hold for any study, model, text and table, tried on thousands that nobody wrote by hand."""
