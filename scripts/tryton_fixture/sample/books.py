"""The sample company while it is being written down: what has been made so far, and how to make more."""

import contextlib
import datetime as dt
import random
import time

import trytond.config as trytond_config
from trytond.model import ModelStorage
from trytond.pool import Pool
from trytond.transaction import Transaction

from ..accounts import DATABASE
from .catalogue import SEED, WAREHOUSES

DAY = dt.timedelta(days=1)


class Books:
    def __init__(self, as_of, weeks):
        self.as_of, self.weeks = as_of, weeks
        self.start = as_of - weeks * 7 * DAY
        self.rng = random.Random(SEED)
        self.clock = time.monotonic()
        # Each step of the sample adds what it made: see the modules beside this one.
        self.warehouses = {}
        self.main_supply = {}
        self.policy = {}
        self.on_hand = {}

    def progress(self, text):
        print(f"{time.monotonic() - self.clock:6.1f} s  {text}", flush=True)

    @contextlib.contextmanager
    def transaction(self, config):
        assert not trytond_config.getboolean("queue", "worker")
        context = {"company": self.company_id, "language": "en"}
        with Transaction().start(DATABASE, config.user, context=context) as transaction:
            # Nobody else uses this database yet.
            transaction.lock_table = lambda table: None
            transaction.lock_records = lambda table, ids: None
            yield transaction

    def model(self, name):
        return Pool().get(name)

    def create(self, name, values):
        # In batches: on SQLite a uniqueness check over many records in one
        # statement is too deep for the parser.
        model = self.model(name)
        records = [model(**v) for v in values]
        for batch in batches(records, 25):
            model.save(batch)
        return records

    def warehouse_of_turn(self, turn):
        return self.warehouses[WAREHOUSES[turn % 3][0]]


def batches(records, size=8):
    # The cost of a record grows with the size of its batch.
    for n in range(0, len(records), size):
        yield records[n : n + size]


def history_batches(records):
    """Batches of which the ERP validates the records of the first only.

    The history is made by one loop, so one batch shows what validation has to say; to skip it for
    the others more than halves the time.
    """
    validate = ModelStorage.__dict__["_validate"]
    try:
        for batch in batches(records):
            yield batch
            ModelStorage._validate = classmethod(lambda cls, records, field_names=None: None)
    finally:
        ModelStorage._validate = validate
