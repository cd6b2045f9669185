"""Path diagrams: laid out in layers, drawn with matplotlib."""
