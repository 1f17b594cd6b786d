"""The commands of design.md §3, by what they are about. Each works in one transaction and speaks Chinese."""
