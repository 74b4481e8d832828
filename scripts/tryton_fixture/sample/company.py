"""The company and its chart of accounts, with the ERP's own wizards."""

import datetime as dt
import os
from decimal import Decimal

from proteus import Model, Wizard
from proteus import config as proteus_config

from ..accounts import DATABASE


def create(books):
    """Makes the company, notes its ids in `books`, and returns the connection's configuration."""
    config = proteus_config.set_trytond(DATABASE, user="admin", config_file=os.environ["TRYTOND_CONFIG"])
    currency = Model.get("currency.currency")(name="U.S. Dollar", symbol="$", code="USD", rounding=Decimal("0.01"))
    currency.rates.new(date=dt.date(2000, 1, 1), rate=Decimal(1))
    currency.save()
    party = Model.get("party.party")(name="Northwind Industrial Supply", code="COMPANY")
    party.save()
    wizard = Wizard("company.company.config")
    wizard.execute("company")
    wizard.form.party = party
    wizard.form.currency = currency
    wizard.form.timezone = "UTC"
    wizard.execute("add")
    config._context = Model.get("res.user").get_preferences(True, {})
    (company,) = Model.get("company.company").find()
    books.currency_id, books.company_id = currency.id, company.id
    _create_accounts(books, config, company)
    books.progress("company and chart of accounts")
    return config


def _create_accounts(books, config, company):
    model_data = Model.get("ir.model.data")
    template = Model.get("account.account.template")
    wizard = Wizard("account.create_chart")
    wizard.execute("account")
    wizard.form.account_template = template(model_data.get_id("account.account_template_root_en", config.context))
    wizard.form.company = company
    wizard.execute("create_account")
    model = Model.get("account.account")

    def account(kind):
        domain = [(f"type.{kind}", "=", True), ("company", "=", company.id), ("closed", "!=", True)]
        return model.find(domain, limit=1)[0]

    wizard.form.account_receivable = account("receivable")
    wizard.form.account_payable = account("payable")
    wizard.form.category_account_expense = account("expense")
    wizard.form.category_account_revenue = account("revenue")
    wizard.execute("create_properties")
    books.expense_id, books.revenue_id = account("expense").id, account("revenue").id
