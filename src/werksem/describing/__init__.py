"""``werksem describe`` from study file to result folder."""
