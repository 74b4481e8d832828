"""Warehouses and the ways between them, suppliers and customers, and the case of twelve."""

from .books import DAY
from .catalogue import CUSTOMERS, SUPPLIERS, WAREHOUSES


def create(books):
    _create_units(books)
    _create_warehouses(books)
    _create_parties(books)


def _create_units(books):
    # Some items are stocked by the piece and bought by the case.
    (books.unit,) = books.model("product.uom").search([("symbol", "=", "u")])
    (books.case,) = books.create("product.uom", [{
        "name": "Case of 12", "symbol": "cs12", "category": books.unit.category, "factor": 12.0,
        "rate": round(1 / 12, 12), "rounding": 1.0, "digits": 0,
    }])


def _create_warehouses(books):
    Location = books.model("stock.location")
    (first,) = Location.search([("type", "=", "warehouse")])
    for code, name, _ in WAREHOUSES:
        if code == WAREHOUSES[0][0]:
            warehouse = first
            zones = [first.input_location, first.output_location, first.storage_location]
        else:
            warehouse, zones = _create_warehouse(books, code, name, first)
        Location.write([warehouse], {"name": name, "code": code})
        for zone, suffix in zip(zones, ["IN", "OUT", "STO"]):
            Location.write([zone], {"code": f"{code}-{suffix}"})
        books.warehouses[code] = Location(warehouse.id)
    east, central, west = books.warehouses.values()
    days = [
        (east, central, 2), (central, east, 2), (central, west, 3), (west, central, 3), (east, west, 5), (west, east, 5),
    ]
    books.create("stock.location.lead_time", [
        {"sequence": 10 * (n + 1), "warehouse_from": a, "warehouse_to": b, "lead_time": d * DAY}
        for n, (a, b, d) in enumerate(days)
    ])


def _create_warehouse(books, code, name, first):
    zones = books.create(
        "stock.location", [{"name": n, "type": "storage"} for n in ["Input Zone", "Output Zone", "Storage Zone"]])
    (warehouse,) = books.create("stock.location", [{
        "name": name, "type": "warehouse", "code": code, "input_location": zones[0], "output_location": zones[1],
        "storage_location": zones[2], "lost_found_location": first.lost_found_location,
    }])
    books.model("stock.location").write(zones, {"parent": warehouse.id})
    return warehouse, zones


def _create_parties(books):
    def address(street, city, postal_code):
        return [books.model("party.address")(street_unstructured=street, city=city, postal_code=postal_code)]

    books.suppliers = books.create("party.party", [
        {
            "name": name, "code": "SUP-%03d" % (n + 1), "supplier_lead_time": (3 + (n * 7) % 40) * DAY,
            "addresses": address(f"{n + 1} Mill Road", "Springfield", "%05d" % (10001 + n * 37)),
        }
        for n, name in enumerate(SUPPLIERS)
    ])
    books.customers = books.create("party.party", [
        {
            "name": name, "code": "CUS-%03d" % (n + 1),
            "addresses": address(f"{n + 1} Main Street", "Riverton", "%05d" % (60001 + n * 41)),
        }
        for n, name in enumerate(CUSTOMERS)
    ])
