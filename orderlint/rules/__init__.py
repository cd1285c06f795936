"""The rules. Each module here is a rule. Rules see only units of the layer graph."""
