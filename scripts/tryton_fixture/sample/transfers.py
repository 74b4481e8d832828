"""Transfers between the warehouses, in every state."""

from .books import DAY

STATES = ["done"] * 6 + ["shipped"] * 3 + ["packed", "assigned", "waiting", "draft"]


def create(books):
    Internal = books.model("stock.shipment.internal")
    east, central, west = books.warehouses.values()
    legs = [(central, east), (central, west), (east, west)]
    for k, state in enumerate(STATES):
        shipment = _shipment(books, k, state, *legs[k % 3])
        shipment.save()
        for step in ["wait", "assign_force", "pack", "ship", "do"]:
            if shipment.state == state:
                break
            getattr(Internal, step)([shipment])
            shipment = Internal(shipment.id)
        assert shipment.state == state, (shipment.state, state)
    books.progress(f"{len(STATES)} internal shipments")


def _sent(books, k, state):
    if state == "done":
        return books.as_of - (40 - 5 * k) * DAY
    return books.as_of - DAY if state == "shipped" else books.as_of + DAY


def _shipment(books, k, state, source, target):
    sent = _sent(books, k, state)
    chosen = books.rng.sample([i for i in books.history if books.profile[i] == "steady"], 3)
    return books.model("stock.shipment.internal")(
        company=books.company_id, from_location=source.storage_location, to_location=target.storage_location,
        planned_start_date=sent, planned_date=sent + 3 * DAY,
        effective_start_date=sent if state in {"done", "shipped"} else None,
        effective_date=sent + 3 * DAY if state == "done" else None,
        reference="TR-%04d" % (k + 1),
        moves=[
            books.model("stock.move")(
                product=books.items[i], unit=books.unit, company=books.company_id,
                quantity=float(books.rng.randint(2, 8)),
                from_location=source.storage_location, to_location=target.storage_location,
            )
            for i in chosen
        ],
    )
