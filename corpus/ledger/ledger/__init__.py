"""A double-entry ledger held in memory."""

from ledger._book import accounts, balance, balances, close, entries, load, note, open_account, owner, post, statement, trial
from ledger._rates import convert, rate, set_rate

__all__ = ["accounts", "balance", "balances", "close", "convert", "entries", "load", "note", "open_account", "owner",
           "post", "rate", "set_rate", "statement", "trial"]
