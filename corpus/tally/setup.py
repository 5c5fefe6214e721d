from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension("tally", sources=["tally.c"], define_macros=[("TALLY_SLOTS", "8")]),
    ],
)
