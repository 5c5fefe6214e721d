cdef long asked = 0

def halves(long n):
    global asked
    asked += 1  # expect: FT201
    return n // 2
