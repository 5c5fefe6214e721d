"""Which operations are worth bringing together, the likeliest to race first: what the sources' own matrix of each type says of two
entries, then what somebody is likely to write."""

import itertools

from .entries import is_meant, operations_meant

RACE, POSSIBLE, UNKNOWN, CONTRACT, ORDERED = range(5)
LETTERS = {"X": RACE, "?": POSSIBLE, "c": CONTRACT, ".": ORDERED}
WRITES = {"set": 0, "delete": 0, "init": 0, "method": 0, "function": 0, "construct": 1, "iterate": 1, "static": 1, "get": 2, "slot": 1, "buffer": 1}


class Matrix:
    """What reading the sources said of two operations. Where it knows both and neither type nor field that they could race for, they are
    as good as ordered; where it does not know one, nothing is known."""

    def __init__(self, plan, operations):
        self.rows = [type["rows"] for type in plan.get("types", [])]
        self.places = {}  # operation -> its rows, by matrix; none for those that touch nothing which changes
        known = [entry["python_name"] for entry in plan.get("entries", []) if "." in entry["python_name"]]
        for operation in operations:
            at = [(number, row) for number, type in enumerate(plan.get("types", []))
                  for row, entry in enumerate(type["entries"]) if "." in entry and is_meant(entry, operation)]
            if at or any(is_meant(entry, operation) for entry in known):
                self.places[id(operation)] = at

    def relation(self, one, other):
        if id(one) not in self.places or id(other) not in self.places:
            return UNKNOWN
        return min((LETTERS.get(self.rows[number][row][column], UNKNOWN) for number, row in self.places[id(one)]
                    for same, column in self.places[id(other)] if same == number), default=ORDERED)


def order(pair, matrix):
    return (matrix.relation(*pair), sum(WRITES.get(each["sort"], 2) + 2 * (not each["returned"]) for each in pair), pair[0] is not pair[1])


def pairs_of(operations, matrix):
    """All pairs, each operation with itself before it meets others."""
    return sorted(itertools.combinations_with_replacement(operations, 2), key=lambda pair: order(pair, matrix))


def pairs_of_target(target, meant, operations, matrix, usual, most):
    """Those who write what the finding is about with everybody who takes part, each once before anybody comes again; then all that its
    entry points mean. `usual` many, or as many more as it takes to have everybody, up to `most`."""
    sides = [(operations_meant(side["entry_points"], operations, 3), side["writes"]) for side in target.get("sides", [])]
    between = {key_of((one, other)): (one, other) for (ours, writes), (theirs, also) in itertools.combinations_with_replacement(sides, 2)
               if writes or also for one in ours for other in theirs}
    first, rest = everybody_first(sorted(between.values(), key=lambda pair: order(pair, matrix)))
    found = {key_of(pair): pair for pair in first + rest + pairs_of(meant, matrix)}
    return list(found.values())[:min(max(usual, len(first)), most)]


def key_of(pair):
    return frozenset(map(id, pair))


def everybody_first(pairs):
    """The pairs that bring an operation which none before them has brought, and the rest, both in their order."""
    met, first, rest = set(), [], []
    for pair in pairs:
        new = {id(each) for each in pair} - met
        (first if new else rest).append(pair)
        met |= new
    return first, rest
