"""`orderlint server`: a language server, for editors. It needs the extra `lsp`.

`server` wires the protocol to the other modules: `documents` holds the texts as the editor has them, `worker` runs
one job at a time and drops what is out of date, `analysis` asks the engine, and `diagnostics`, `actions` and `hover`
put the answers in the words of the protocol. `positions` converts places.
"""
