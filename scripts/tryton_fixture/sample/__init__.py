"""The sample company. It runs inside the virtual environment, where Tryton can be imported."""
