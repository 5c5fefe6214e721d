# cython: language_level=3
def thrice(x):
    return 3 * x
