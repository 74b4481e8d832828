"""Loads the sample company into the database of $TRYTOND_CONFIG.

The company and its chart of accounts come from the ERP's own wizards, through proteus. The rest
goes through the ERP's models in bulk: every sale, purchase and shipment passes its real workflow
transitions. The order of the steps is part of the result: they share one random generator.
"""

import argparse
import datetime as dt

from . import company, history, items, partners, people, policies, purchases, requisitions, sales, timestamps, transfers
from .books import Books


def load(as_of, weeks):
    books = Books(as_of, weeks)
    config = company.create(books)
    with books.transaction(config) as transaction:
        people.create(books)
        partners.create(books)
        items.create(books)
        policies.create(books)
        history.plan(books)
        sales.create(books)
        purchases.create(books)
        transfers.create(books)
        requisitions.create(books)
        transaction.tasks.clear()
    timestamps.settle(books, config)
    books.progress("done")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--as-of", type=dt.date.fromisoformat, required=True)
    parser.add_argument("--weeks", type=int, required=True)
    options = parser.parse_args()
    load(options.as_of, options.weeks)


if __name__ == "__main__":
    main()
