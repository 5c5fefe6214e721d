# cython: language_level=3, freethreading_compatible=True
def pairs(xs):
    cdef long seen = 0
    previous = None
    for x in xs:
        seen += 1
        yield seen, previous, x
        previous = x

def flat(rows):
    return [cell for cell in (2 * c for row in rows for c in row)]

async def first(source):
    async for item in source:
        return await item

def adder(n):
    def add(x):
        return x + n
    return add
