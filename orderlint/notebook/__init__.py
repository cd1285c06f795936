"""`%load_ext orderlint`: checks what was run in a notebook or in IPython. It needs the extra `notebook`."""
