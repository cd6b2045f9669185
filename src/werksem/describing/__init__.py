"""The verb ``werksem describe``, from study file to result folder; its statistics are in ``describe``."""
