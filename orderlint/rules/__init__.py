"""The rules: one module a rule, found by being there. They see units of the layer graph and nothing else."""
