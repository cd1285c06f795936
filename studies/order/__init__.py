"""What the order of linear, batch normalization, activation and dropout does to small networks.

`python -m studies.order` trains what is missing from the record. `--quick` trains a small part, into a separate record.
`--write` writes `docs/study.md` from the record. Letters: L linear, B batch normalization, A activation, D dropout.
"""
