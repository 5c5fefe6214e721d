"""The reference set: small workloads of the standard library alone, of the kinds that comparisons of Pythons with and without
the GIL are about. Each is a function that does one unit of work and gives the same answer every time."""
import asyncio
import datetime
import decimal
import hashlib
import json
import pickle
import random
import re
import threading


def mandelbrot(size=60, limit=60):
    inside = 0
    for row in range(size):
        for column in range(size):
            c = complex(3.0 * column / size - 2.0, 2.0 * row / size - 1.0)
            z = 0j
            for _ in range(limit):
                z = z * z + c
                if z.real * z.real + z.imag * z.imag > 4.0:
                    break
            else:
                inside += 1
    return inside


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def towards(self, other, part):
        return Point(self.x + (other.x - self.x) * part, self.y + (other.y - self.y) * part)


def chaos(steps=6000):
    """The chaos game: objects made, attributes read, methods called."""
    corners, at, source = [Point(0.0, 0.0), Point(1.0, 0.0), Point(0.5, 1.0)], Point(0.3, 0.3), random.Random(1)
    seen = set()
    for _ in range(steps):
        at = at.towards(corners[source.randrange(3)], 0.5)
        seen.add((int(at.x * 64), int(at.y * 64)))
    return len(seen)


def telco(calls=1500):
    """Telephone bills in decimal arithmetic, as in the benchmark of that name."""
    two, rates = decimal.Decimal("0.01"), (decimal.Decimal("0.0013"), decimal.Decimal("0.00894"))
    total, source = decimal.Decimal(0), random.Random(2)
    for _ in range(calls):
        duration = source.randrange(1, 20000)
        price = (duration * rates[duration & 1]).quantize(two, decimal.ROUND_HALF_EVEN)
        tax = (price * decimal.Decimal("0.0675")).quantize(two, decimal.ROUND_DOWN)
        total += price + tax
    return str(total)


RECORDS = [{"id": number, "name": f"item {number}", "price": number * 1.25, "tags": ["a", "b", str(number % 7)], "parent": None}
           for number in range(400)]


def pickled():
    return len(pickle.loads(pickle.dumps(RECORDS)))


def json_text():
    return len(json.loads(json.dumps(RECORDS)))


TEXT = "\n".join(f"2026-01-{day:02d} GET /path/{day}?q={day * 37} 200 {day * 1021}" for day in range(1, 29)) * 8
LINE = re.compile(r"(\d{4})-(\d\d)-(\d\d) (GET|POST) (/\S*?)(?:\?q=(\d+))? (\d{3}) (\d+)")


def regex():
    return sum(int(match[8]) for match in LINE.finditer(TEXT))


BLOCK = bytes(range(256)) * 2048


def sha256():
    return hashlib.sha256(BLOCK).hexdigest()


def monte_carlo(points=12000):
    source = random.Random(3)
    return sum(source.random() ** 2 + source.random() ** 2 < 1.0 for _ in range(points))


async def _relay(number):
    for _ in range(5):
        await asyncio.sleep(0)
    return number


def asyncio_tasks(count=300):
    async def all_of_them():
        return sum(await asyncio.gather(*(_relay(number) for number in range(count))))
    return asyncio.run(all_of_them())


class Shared:
    def __init__(self):
        self.count, self.table, self.lock = 0, {}, threading.Lock()


SHARED = Shared()


def shared_objects(steps=4000):
    """One dict, one attribute and one lock that all threads are at."""
    for step in range(steps):
        SHARED.table[step & 255] = step
        with SHARED.lock:
            SHARED.count += 1
    return len(SHARED.table)


def dates(count=1500):
    first, day = datetime.date(2000, 1, 1), datetime.timedelta(days=1)
    return sum((first + day * number).weekday() for number in range(count))
