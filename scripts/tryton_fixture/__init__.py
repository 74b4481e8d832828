"""A real Tryton ERP with a sample distributor, on loopback, for the demonstration and the tests.

Everything here is reached through `scripts/tryton`; `scripts/tryton --help` documents it.
Nothing but Python's standard library is needed: Tryton itself is installed from PyPI into a
virtual environment of its own.
"""
