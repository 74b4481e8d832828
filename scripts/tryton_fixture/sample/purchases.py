"""Purchases: received, received in part, still open, and some that nobody has confirmed."""

from .books import DAY, history_batches


def create(books):
    Purchase = books.model("purchase.purchase")
    Party = books.model("party.party")
    records = [
        _purchase(books, Party(order["party"]), books.warehouses[order["code"]], order["date"], [
            _line(books, i, need, order["promised"]) for i, need in order["lines"]
        ])
        for order in books.orders
    ]
    drafts = [_draft(books, k) for k in range(4)]
    for batch in history_batches(records):
        Purchase.save(batch)
        Purchase.quote(batch)
        Purchase.confirm(batch)
        Purchase.process(batch)
    Purchase.save(drafts)
    Purchase.quote(drafts[:2])  # two quotations, two drafts
    books.progress(f"{len(records)} purchases")
    _receive(books, records)


def _purchase(books, party, warehouse, date, lines):
    return books.model("purchase.purchase")(
        party=party, company=books.company_id, currency=books.currency_id, invoice_address=party.addresses[0],
        warehouse=warehouse, purchase_date=date, invoice_method="manual", lines=lines,
    )


def _line(books, i, need, promised):
    item = books.items[i]
    return books.model("purchase.line")(
        type="line", product=item, product_supplier=books.first_supplier[item.id], unit=item.purchase_uom,
        quantity=float(need), unit_price=books.main_supply[i]["price"], delivery_date_edit=True,
        delivery_date_store=promised,
    )


def _draft(books, k):
    i = books.history[k * 7]
    supply = books.main_supply[i]
    line = _line(books, i, supply["minimal"], books.as_of + supply["days"] * DAY)
    return _purchase(books, supply["party"], books.warehouse_of_turn(k), books.as_of, [line])


def _receive(books, records):
    Purchase = books.model("purchase.purchase")
    ShipmentIn = books.model("stock.shipment.in")
    received = []
    for order, purchase in zip(books.orders, Purchase.browse(records)):
        if order["arrival"] <= books.as_of or order.get("part"):
            received.append(_shipment(books, order, purchase))
    for batch in history_batches(received):
        ShipmentIn.receive(ShipmentIn.browse(batch))
        ShipmentIn.do(ShipmentIn.browse(batch))
    for batch in history_batches(records):
        Purchase.process(Purchase.browse(batch))
    # The ERP forgets a planned date that is past when it makes a move. Give
    # the open moves the dates they had when these orders were made.
    for order, purchase in zip(books.orders, Purchase.browse(records)):
        moves = [m for line in purchase.lines for m in line.moves if m.state == "draft"]
        if moves:
            books.model("stock.move").write(
                moves, {"planned_date": order["promised"], "origin_planned_date": order["promised"]})
    books.progress(f"{len(received)} supplier shipments")


def _shipment(books, order, purchase):
    Move = books.model("stock.move")
    moves = [m for line in purchase.lines for m in line.moves]
    shipment = books.model("stock.shipment.in")(
        company=books.company_id, supplier=purchase.party, warehouse=purchase.warehouse,
        planned_date=order["promised"], effective_date=min(order["arrival"], books.as_of),
    )
    shipment.on_change_warehouse()
    shipment.save()
    if order.get("part"):
        moves = moves[: len(moves) // 2]
        moves[0].quantity = float(max(1, moves[0].quantity // 2))
        Move.save(moves)
    Move.write(moves, {"shipment": str(shipment)})
    return shipment
