"""Finding arguments with which a callable returns: recorded calls first, then its signatures, then what its errors ask for.

Calls are texts ("hit(1.5)" without the callable: "1.5"), so that whoever reads a scenario or a reproducer sees them."""

import itertools

from . import signatures, values


class Outcome:
    """What came of one try. `returned`, or the name and message of the exception."""

    def __init__(self, returned, error="", message="", value=None):
        self.returned, self.error, self.message, self.value = returned, error, message, value

    @property
    def refused(self):
        """The arguments were not even looked at as a call that could succeed."""
        return self.error in ("TypeError", "ArgumentError", "NotImplementedError", "AttributeError")


class Call:
    """Arguments as text, positional and by keyword."""

    def __init__(self, positional=(), keywords=()):
        self.positional, self.keywords = tuple(positional), tuple(keywords)

    @property
    def text(self):
        return ", ".join(list(self.positional) + [f"{name}={value}" for name, value in self.keywords])

    def with_value(self, place, value):
        if isinstance(place, str):
            rest = [(name, old) for name, old in self.keywords if name != place]
            return Call(self.positional, rest + [(place, value)])
        return Call(self.positional[:place] + (value,) + self.positional[place + 1:], self.keywords)

    def of_length(self, count, filler):
        return Call((self.positional + tuple(filler(i) for i in range(len(self.positional), count)))[:count], self.keywords)


class Search:
    """One search. `attempt(text)` makes a fresh call and gives its Outcome; `instances` maps type names to expressions."""

    def __init__(self, attempt, instances, limit=120):
        self.attempt, self.instances, self.limit = attempt, instances, limit
        self.blind = [each[0] for each in list(instances.values())[:6] if each] + values.EVERYTHING
        self.tried, self.fallback, self.last, self.found, self.outcome = set(), None, "", None, None
        self.varied = set()
        self.accepted = None  # the first call whose types were right and whose values were not

    def run(self, recorded=(), offered=()):
        """(text, Outcome) of the first call that returns, else of one that raised something other than TypeError, else None. What
        can be called with arguments and without is called with, unless the tests do without."""
        first = self._first(recorded, offered)
        if first is None or not first[1].returned or first[0] or "" in recorded:
            return first
        self.limit = min(self.limit, len(self.tried) + 40)
        with_arguments = self._first([], [[each for each in parameters if not each.keyword_only] for parameters in offered if parameters], 1, 3)
        return with_arguments if with_arguments and with_arguments[1].returned else first

    def _first(self, recorded, offered, least=0, most=5):
        for text in recorded:
            if self._try_text(text):
                return self.found
        for parameters in offered:
            if self._with_signature(parameters):
                return self.found
        for count in range(least, most):
            if self._guided(Call().of_length(count, self._default), count):
                return self.found
        self.limit += 30 if self.limit >= 100 else 0
        for pair in itertools.product(values.EVERYTHING[:8], repeat=2):
            if self._try_text(", ".join(pair)):
                return self.found
        return self.fallback

    # One text; True when it returned.
    def _try_text(self, text):
        if text in self.tried or len(self.tried) >= self.limit:
            return False
        self.tried.add(text)
        outcome = self.attempt(text)
        if outcome.returned:
            self.found = (text, outcome)
            return True
        self.last = f"{outcome.error}: {outcome.message}"
        if not outcome.refused and self.fallback is None:
            self.fallback = (text, outcome)
        self.outcome = outcome
        return False

    def one(self, text):
        """Tries one text by itself; True when it returned."""
        return self._try_text(text)

    @property
    def outcome_or_found(self):
        return self.found[1] if self.found else self.outcome

    @staticmethod
    def _default(position):
        return values.EVERYTHING[0]

    def _with_signature(self, parameters):
        """The required parameters with their likeliest values, then each varied by itself, then with the optional ones."""
        required = [each for each in parameters if each.required]
        for chosen in (required, [each for each in parameters if each.required or not each.keyword_only]):
            choices = [(index if not each.keyword_only else each.name, values.for_parameter(each, self.instances))
                       for index, each in enumerate(chosen)]
            first = Call((options[0] for place, options in choices if not isinstance(place, str)),
                         ((place, options[0]) for place, options in choices if isinstance(place, str)))
            if self._guided(first, len(first.positional), dict(choices)):
                return True
            if len(chosen) == len(required) and len(parameters) == len(required):
                break
        return False

    def _guided(self, call, count, choices=None):
        """Follows what errors ask for; then varies one place after another."""
        choices = choices or {}
        if self._follow(call) or self._other_values():
            return True
        best = self.best
        if values.count_wanted(self.last) not in (None, len(best.positional)):
            return False  # another number of arguments is asked for: other values will not help
        for place in list(range(len(best.positional))) + [name for name, _ in best.keywords]:
            for value in (choices[place] if place in choices else self.blind)[:24 if count < 3 else 12]:
                if self._follow(best.with_value(place, value)):
                    return True
                if len(self.tried) >= self.limit:
                    return False
        return False

    def _other_values(self):
        """What was taken but refused for its value may want a text or data that means something, and a position at its start."""
        call, self.accepted = self.accepted, None
        if call is None or call.text in self.varied or not call.positional:
            return False
        self.varied.add(call.text)
        choices = [values.MEANINGFUL.get(values.type_of_text(value), [value]) for value in call.positional]
        return any(self._try_text(Call(chosen, call.keywords).text) for chosen in itertools.islice(itertools.product(*choices), 24))

    def _follow(self, call):
        """Up to eight steps, each doing what the last TypeError asked for. Leaves the best call it came to in `best`."""
        self.best = call
        place_now = 0
        for _ in range(8):
            if call.text in self.tried:
                return False
            if self._try_text(call.text):
                return True
            if len(self.tried) >= self.limit:
                return False
            self.best = call
            if self.accepted is None and not self.outcome.refused:
                self.accepted = call
            changed = self._changed(call, self.outcome.message, place_now) if self.outcome.refused else None
            if changed is None:
                return False
            call, place_now = changed
        return False

    def _changed(self, call, message, place_now):
        count = values.count_wanted(message)
        if count is not None and count != len(call.positional) and count <= 8:
            return call.of_length(count, self._default), place_now
        place = values.position_wanted(message)
        if isinstance(place, str) and place not in dict(call.keywords):
            if "missing" in message:
                offered = values.for_parameter(signatures.Parameter(place), self.instances)
                return call.with_value(place, offered[0]), place_now
            place = None
        if isinstance(place, int) and place >= len(call.positional):
            return (call.of_length(place + 1, self._default), place) if place < 8 else None
        if place is None:  # the one whose type it names, as long as that is only one
            alike = [at for at, value in enumerate(call.positional) if values.type_of_text(value) == values.given_type(message)]
            place = alike[0] if alike else place_now
        if isinstance(place, int) and place >= len(call.positional):
            return None
        for value in values.of_type(values.wanted(message), self.instances):
            changed = call.with_value(place, value)
            if changed.text not in self.tried:
                return changed, place
        return None
