"""The only code that writes into a repository: the transaction, its journal and its recovery, the commit and the tag."""
