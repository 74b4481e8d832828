"""The 200 items, and who sells them to us on which terms."""

from decimal import Decimal

from .books import DAY
from .catalogue import ITEMS


def create(books):
    _create_items(books)
    _create_sourcing(books)


def _create_items(books):
    (accounting,) = books.create("product.category", [{
        "name": "Goods", "accounting": True, "account_expense": books.expense_id, "account_revenue": books.revenue_id,
    }])
    books.info, templates = [], []
    for c, (category_name, (prefix, nouns, variants)) in enumerate(ITEMS.items()):
        (category,) = books.create("product.category", [{"name": category_name}])
        for n in range(25):
            cost = Decimal(str(round(books.rng.uniform(0.4, 9) * (1, 4, 12)[c % 3], 2)))
            templates.append({
                "name": f"{nouns[n // 5]} {variants[n % 5]}",
                "code": f"{prefix}-{1001 + n}",
                "type": "goods", "default_uom": books.unit,
                "salable": True, "sale_uom": books.unit,
                "purchasable": True, "purchase_uom": books.case if n % 4 == 3 else books.unit,
                "account_category": accounting, "categories": [category],
                "cost_price_method": "fixed",
                "list_price": (cost * Decimal("1.6")).quantize(Decimal("0.01")),
                "products": [books.model("product.product")(suffix_code=None, cost_price=cost)],
            })
            books.info.append({"cost": cost, "category": c, "n": n})
    templates = books.create("product.template", templates)
    books.items = books.model("product.product").browse([t.products[0].id for t in templates])
    books.progress(f"{len(books.items)} items")


def _create_sourcing(books):
    # One main supplier, and a second for every fourth item.
    terms = []
    for i, item in enumerate(books.items):
        c, n = books.info[i]["category"], books.info[i]["n"]
        choices = [books.suppliers[c + 8 * (n % 2)]]
        if i % 4 == 0:
            choices.append(books.suppliers[16 + c % 4])
        for rank, supplier in enumerate(choices):
            terms.append(_terms(books, i, item, rank, supplier))
    books.first_supplier = {}
    terms = books.create("purchase.product_supplier", terms)
    for record in terms:
        books.first_supplier.setdefault(record.product.id, record)
    books.progress(f"{len(terms)} terms of suppliers")


def _terms(books, i, item, rank, supplier):
    factor = 12 if item.purchase_uom == books.case else 1
    minimal = float(books.rng.choice([2, 4, 6, 10] if factor == 12 else [12, 24, 48, 100]))
    multiple = 1.0 if factor == 12 else float(books.rng.choice([1, 6, 12]))
    dearer = 1 if rank == 0 else Decimal("1.08")
    price = (books.info[i]["cost"] * factor * dearer).quantize(Decimal("0.0001"))
    days = books.rng.choice([5, 7, 10, 14, 21, 30, 45])
    if rank == 0:
        books.main_supply[i] = {
            "days": days, "minimal": minimal, "multiple": multiple, "factor": factor, "price": price, "party": supplier,
        }
    Price = books.model("purchase.product_supplier.price")
    rebate = (price * Decimal("0.93")).quantize(Decimal("0.0001"))
    return {
        "template": item.template, "product": item, "party": supplier, "company": books.company_id,
        "currency": books.currency_id, "code": f"{supplier.code[-3:]}-{70000 + i * 3 + rank}",
        "lead_time": days * DAY, "quantity_minimal": minimal, "quantity_rounding": multiple,
        "prices": [Price(quantity=0.0, unit_price=price), Price(quantity=minimal * 5, unit_price=rebate)],
        "sequence": 10 * (rank + 1),
    }
