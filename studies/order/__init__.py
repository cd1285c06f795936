"""What the order of linear, batch normalization, activation and dropout does to small networks.

`python -m studies.order` trains what the record lacks; `--quick` a tiny part, into a record of its own; `--write`
writes `docs/study.md` from the record. Letters: L linear, B batch normalization, A activation, D dropout.
"""
