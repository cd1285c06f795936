"""What `orderlint fix` does to public models that were found with their layers out of order.

`models/` has their architectures in our own words, smaller, with the place they come from; `orderlint fix` makes the
other version when the study runs. `python -m studies.real` trains what the record lacks; `--quick` a tiny part, into a
record of its own; `--write` writes `docs/models.md` from the record.
"""
