import sys
import threading
import unittest


class Suite(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(sum(range(5)), 10)

    def test_waits(self):
        lock = threading.Lock()
        lock.acquire()
        if not sys._is_gil_enabled():
            lock.acquire()
