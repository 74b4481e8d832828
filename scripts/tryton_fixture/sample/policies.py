"""How each item sells, its order points, and what is in stock when the history begins."""

from .books import DAY
from .catalogue import WAREHOUSES


def create(books):
    # 24 items have a history: three of each category.
    books.history = [i for i in range(200) if books.info[i]["n"] in {0, 3, 5}]
    books.profile = {i: _profile(k) for k, i in enumerate(books.history)}
    books.base = {i: books.rng.uniform(8, 60) for i in books.history}
    _create_order_points(books)
    _create_opening_stock(books)


def _profile(k):
    if k % 6 == 4:
        return "seasonal"
    if k % 6 == 5:
        return "intermittent"
    return "new" if k % 12 == 7 else "steady"


def _create_order_points(books):
    # Six weeks of demand, or the supplier's minimum. Every ninth was set long
    # ago and does not fit any more.
    points = []
    for code, _, weight in WAREHOUSES:
        for i in range(len(books.items)):
            if i not in books.base and (i + len(code)) % 7 == 0:
                continue  # not stocked there
            supply = books.main_supply[i]
            weekly = books.base.get(i, 3) * weight * 0.8
            low = max(6, round(weekly * (supply["days"] / 7 + 2)))
            high = low + max(round(weekly * 12), int(supply["minimal"] * supply["factor"]))
            books.policy[code, i] = low, high
            if i % 9 == 4:
                low, high = max(1, low // 4), max(2, high // 3)
            points.append(_order_point(books, code, i, low, high))
    points = books.create("stock.order_point", points)
    books.progress(f"{len(points)} order points")


def _order_point(books, code, i, low, high):
    warehouse = books.warehouses[code]
    point = {
        "product": books.items[i], "company": books.company_id,
        "min_quantity": float(low), "target_quantity": float(high),
    }
    if books.info[i]["n"] in {23, 24} and code != "DC-CENTRAL":
        # Slow items come from the central warehouse.
        central = books.warehouses["DC-CENTRAL"].storage_location
        return {"type": "internal", "location": warehouse.storage_location, "provisioning_location": central, **point}
    return {"type": "purchase", "location": warehouse, **point}


def _create_opening_stock(books):
    Inventory = books.model("stock.inventory")
    InventoryLine = books.model("stock.inventory.line")
    inventories = []
    for code, _, _ in WAREHOUSES:
        lines = []
        for i, item in enumerate(books.items):
            if (code, i) not in books.policy:
                continue
            low, high = books.policy[code, i]
            if i in books.base:
                quantity = high
            else:
                quantity = 0 if books.rng.random() < 0.06 else books.rng.randint(low // 2, high)
            books.on_hand[code, i] = quantity
            if quantity:
                lines.append(InventoryLine(product=item, quantity=float(quantity)))
        inventories.append(Inventory(
            company=books.company_id, date=books.start - DAY, location=books.warehouses[code].storage_location,
            lines=lines,
        ))
    for inventory in inventories:
        inventory.save()
        Inventory.confirm([inventory])
    books.progress("opening stock")
