"""Rust crates as their source says them: manifests, modules, names, macros and types, read with tree-sitter and never compiled.

`crates` finds what Cargo would build, `items` reads one text, `program` joins the files of crates into modules and answers what a name means.
What cannot be known (a macro without a visible definition, an unreadable file, a budget that ran out) is a `Gap`, never silence.
"""
