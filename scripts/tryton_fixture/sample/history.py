"""The history, week by week: what customers bought, and what was ordered from suppliers to replenish it."""

import math

from .books import DAY
from .catalogue import WAREHOUSES


def plan(books):
    """Decides every sale and purchase; the modules `sales` and `purchases` then write them into the ERP."""
    books.sales, books.orders = [], []
    pipeline = {}  # (warehouse, item, arrival) -> pieces on their way
    for week in range(books.weeks):
        monday = books.start + week * 7 * DAY
        for code, _, weight in WAREHOUSES:
            for key in [k for k in pipeline if k[0] == code and k[2] <= monday]:
                books.on_hand[key[:2]] += pipeline.pop(key)
            lines, wanted = _trade(books, week, code, weight, pipeline)
            for half, sale_lines in enumerate(lines):
                if sale_lines:
                    customer = books.rng.randrange(len(books.customers))
                    books.sales.append((monday + (half * 2 + 1) * DAY, code, customer, sale_lines))
            _order(books, monday, code, wanted, pipeline)
    _leave_open(books)
    books.progress(f"planned {len(books.sales)} sales, {len(books.orders)} purchases")


def _demand(books, i, week, weight):
    kind = books.profile[i]
    mean = books.base[i] * weight
    if kind == "seasonal":
        # The peak is at midsummer.
        date = books.start + week * 7 * DAY
        angle = (date.timetuple().tm_yday - 196) / 365 * 6.283185
        mean *= 1 + 0.6 * math.cos(angle)
    elif kind == "intermittent":
        if books.rng.random() > 0.22:
            return 0
        mean *= 1.5
    elif kind == "new" and week < books.weeks - 12:
        return 0
    elif books.rng.random() > 0.45:  # not every item is ordered each week
        return 0
    else:
        mean *= 2
    return max(0, round(books.rng.gauss(mean, mean * 0.3)))


def _trade(books, week, code, weight, pipeline):
    """One week of one warehouse: the lines of its two sales, and what has to be ordered, by supplier."""
    lines, wanted = [[], []], {}
    for k, i in enumerate(books.history):
        quantity = min(_demand(books, i, week, weight), books.on_hand[code, i])
        if quantity:
            books.on_hand[code, i] -= quantity
            lines[(k + week) % 2].append((i, quantity))
        low, high = books.policy[code, i]
        if books.profile[i] == "new" and week < books.weeks - 14:
            continue
        position = books.on_hand[code, i] + sum(q for key, q in pipeline.items() if key[:2] == (code, i))
        if position <= low:
            supply = books.main_supply[i]
            need = max((high - position) / supply["factor"], supply["minimal"])
            need = supply["multiple"] * -(-need // supply["multiple"])
            wanted.setdefault(supply["party"].id, []).append((i, need))
    return lines, wanted


def _order(books, monday, code, wanted, pipeline):
    for party_id, order_lines in sorted(wanted.items()):
        days = max(books.main_supply[i]["days"] for i, _ in order_lines)
        late = books.rng.choice([0, 0, 0, 0, 2, 5])
        arrival = monday + (days + late) * DAY
        books.orders.append({
            "date": monday, "code": code, "party": party_id, "lines": order_lines,
            "promised": monday + days * DAY, "arrival": arrival,
        })
        for i, need in order_lines:
            key = code, i, arrival
            pipeline[key] = pipeline.get(key, 0) + int(need * books.main_supply[i]["factor"])


def _leave_open(books):
    # The last days: promised already, but nothing came yet.
    for order in [o for o in books.orders if o["arrival"] <= books.as_of][-3:]:
        order["arrival"] = books.as_of + 3 * DAY
    # Larger open orders for items that sell slowly; three of them came in part.
    for k in range(8):
        supplier = books.suppliers[k]
        chosen = [i for i in range(200) if books.main_supply[i]["party"] == supplier and i not in books.base][: 3 + k % 3]
        books.orders.append({
            "date": books.as_of - (2 + 2 * k) * DAY, "code": WAREHOUSES[k % 3][0], "party": supplier.id,
            "arrival": books.as_of + DAY, "promised": books.as_of + (3 + 4 * k) * DAY, "part": k >= 5,
            "lines": [(i, max(books.main_supply[i]["minimal"], 2 * books.main_supply[i]["multiple"])) for i in chosen],
        })
