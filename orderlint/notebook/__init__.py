"""`%load_ext orderlint`: checks the cells that were run in a notebook or in IPython. It needs the extra `notebook`."""
