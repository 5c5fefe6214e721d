import unittest


class Suite(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(sum(range(5)), 10)
