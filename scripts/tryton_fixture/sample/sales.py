"""Sales, shipped; and some that wait: ordered after the last week and not yet shipped."""

from .books import DAY, history_batches
from .catalogue import WAREHOUSES


def create(books):
    Sale = books.model("sale.sale")
    records = [
        _sale(books, books.customers[customer], code, date, date + DAY, [(i, float(quantity)) for i, quantity in lines])
        for date, code, customer, lines in books.sales
    ]
    waiting = [_waiting_sale(books, k) for k in range(9)]
    for batch in history_batches(records):
        Sale.save(batch)
        Sale.quote(batch)
        Sale.confirm(batch)
        Sale.process(batch)
        _ship(books, Sale.browse(batch))
        Sale.process(Sale.browse(batch))
    books.progress(f"{len(records)} sales, {sum(len(s[3]) for s in books.sales)} lines, shipped")
    Sale.save(waiting)
    Sale.quote(waiting[:7])  # two stay drafts
    Sale.confirm(waiting[:6])  # one stays a quotation
    Sale.process(waiting[:6])
    for sale in Sale.browse(waiting[:6]):
        dates = {"planned_date": sale.shipping_date, "origin_planned_date": sale.shipping_date}
        books.model("stock.shipment.out").write(list(sale.shipments), dates)
        books.model("stock.move").write([m for s in sale.shipments for m in s.moves], dates)


def _sale(books, party, code, sale_date, shipping_date, lines):
    SaleLine = books.model("sale.line")
    return books.model("sale.sale")(
        party=party, company=books.company_id, currency=books.currency_id,
        invoice_address=party.addresses[0], shipment_address=party.addresses[0], warehouse=books.warehouses[code],
        sale_date=sale_date, shipping_date=shipping_date, invoice_method="manual", shipment_method="order",
        lines=[
            SaleLine(
                type="line", product=books.items[i], unit=books.unit, quantity=quantity,
                unit_price=books.items[i].list_price_used,
            )
            for i, quantity in lines
        ],
    )


def _waiting_sale(books, k):
    chosen = books.rng.sample(books.history, 4)
    lines = [(i, float(books.rng.randint(3, 20))) for i in chosen]
    party = books.customers[(k * 5) % len(books.customers)]
    return _sale(
        books, party, WAREHOUSES[k % 3][0], books.as_of - (k % 3) * DAY, books.as_of + (k + 1) * DAY, lines)


def _ship(books, sales):
    ShipmentOut = books.model("stock.shipment.out")
    shipments = []
    for sale in sales:
        for shipment in sale.shipments:
            shipment.effective_date = sale.sale_date + DAY
            shipments.append(shipment)
    ShipmentOut.save(shipments)
    ShipmentOut.assign_force(shipments)
    ShipmentOut.pick(shipments)
    ShipmentOut.pack(shipments)
    ShipmentOut.do(shipments)
