"""Purchase requisitions: a draft, one to approve, and an approved one that has become purchase requests."""

from trytond.transaction import Transaction

from .books import DAY


def create(books):
    Requisition = books.model("purchase.requisition")
    RequisitionLine = books.model("purchase.requisition.line")
    with Transaction().set_context(employee=books.buyer.id):
        for k in range(3):
            i = books.history[3 + k * 6]
            requisition = Requisition(
                company=books.company_id, employee=books.buyer, supply_date=books.as_of + 30 * DAY,
                currency=books.currency_id, warehouse=books.warehouse_of_turn(k), description=f"Stock-up {k + 1}",
                lines=[RequisitionLine(
                    product=books.items[i], unit=books.unit, quantity=float(24 * (k + 1)),
                    supplier=books.main_supply[i]["party"], unit_price=books.items[i].cost_price,
                )],
            )
            requisition.save()
            if k >= 1:
                Requisition.wait([requisition])
            if k >= 2:
                Requisition.approve([requisition])
                Requisition.process([requisition])
    books.progress("requisitions")
