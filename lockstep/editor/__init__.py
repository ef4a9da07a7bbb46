"""What an editor shows of a repository: problems as they are typed, fixes, and whose version a version is.

Everything is asked of the public API. `analysis` asks it, `positions` says where things stand in an editor's terms, `messages` makes the protocol's values of
it, `watched` knows what the editor has open of each repository, and `server` speaks the Language Server Protocol. Nothing is written: a fix is handed to the
editor. pygls and lsprotocol are the extra `lsp`, loaded by nobody else.
"""

from __future__ import annotations
