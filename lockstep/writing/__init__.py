"""The only code that writes into a repository: the transaction, its journal, the commit and the tag."""
