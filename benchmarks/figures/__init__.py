"""Which figures of the catalogue move which answers: what a ledger lists, held against what a change does."""
