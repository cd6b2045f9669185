"""What werksem was put through: bad input, faults, load, fuzzing, calibration, versions."""
