"""From text to frozen types: studies, models, lavaan syntax, formulas."""
