"""What an agent may ask of a repository: the commands as tools, over the public API; `server` speaks the Model Context Protocol.

`tools` says what there is and asks the API, `bounds` keeps answers short. No tool writes but `bump`, which is there where the person who started the server
allows it, and no tool reads another repository than those that were named then. The official SDK is the extra `mcp`, loaded by nobody else.
"""

from __future__ import annotations
