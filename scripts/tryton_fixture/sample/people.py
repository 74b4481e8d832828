"""Employees, users and their rights, and the settings of purchase and sale."""

from ..accounts import PASSWORDS, REST_KEYS
from .books import DAY

INTEGRATION_GROUPS = [
    "Product Administration", "Party Administration", "Stock", "Stock Administration", "Stock Force Assignment",
    "Stock Forecast", "Purchase", "Purchase Administrator", "Purchase Request", "Purchase Requisition",
    "Purchase Requisition Approval", "Sales",
]


def create(books):
    parties = books.create("party.party", [
        {"name": "Rosa Delgado", "code": "EMP-001"},
        {"name": "Integration Service", "code": "EMP-002"},
    ])
    books.buyer, service = books.create(
        "company.employee", [{"party": party, "company": books.company_id} for party in parties])
    _create_users(books, service)
    _configure(books)


def _create_users(books, service):
    groups = {group.name: group for group in books.model("res.group").search([])}
    User = books.model("res.user")
    company = books.model("company.company")(books.company_id)
    users = books.create("res.user", [
        {
            "login": "integration", "name": "Integration Service", "password": PASSWORDS["integration"],
            "groups": [groups[name] for name in INTEGRATION_GROUPS],
            "companies": [company], "company": books.company_id, "employees": [service], "employee": service,
        },
        {
            "login": "viewer", "name": "Viewer", "password": PASSWORDS["viewer"],
            "companies": [company], "company": books.company_id,
        },
    ])
    (admin,) = User.search([("login", "=", "admin")])
    admin.employees = [books.buyer]
    admin.employee = books.buyer
    admin.save()
    books.create("res.user.application", [
        {"user": user, "application": "rest", "key": REST_KEYS[user.login], "state": "validated"} for user in users
    ])


def _configure(books):
    # No invoices come out of the sample's own orders.
    for name, values in [
        ("purchase.configuration", {"purchase_invoice_method": "manual", "supply_period": 7 * DAY}),
        ("sale.configuration", {"sale_invoice_method": "manual", "sale_shipment_method": "order"}),
    ]:
        record = books.model(name)(1)
        for key, value in values.items():
            setattr(record, key, value)
        record.save()
