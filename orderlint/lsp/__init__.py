"""`orderlint server`: a language server, for editors. It needs the extra `lsp`.

`server` connects the protocol with the other modules. `documents` contains the texts of the editor, `worker` runs one
job at a time and drops outdated ones, and `analysis` calls the engine. `diagnostics`, `actions` and `hover` convert the
results to the types of the protocol, and `positions` converts positions.
"""
