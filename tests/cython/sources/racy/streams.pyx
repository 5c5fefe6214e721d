# cython: language_level=3, freethreading_compatible=True
def ticket_office():
    cdef unsigned int next_ticket = 100
    cdef object last_buyer = None
    def buy(name):
        nonlocal next_ticket, last_buyer
        next_ticket = next_ticket + 1  # expect: FT301
        last_buyer = name  # expect: FT302
        return next_ticket
    def last():
        return last_buyer  # expect: FT102
    return buy, last


cdef class Source:
    cdef long drawn

    def draw(self, n):
        for i in range(n):
            self.drawn += 1  # expect: FT301
            yield i
