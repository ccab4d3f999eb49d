"""What is stuck, what waits and what was declined, and a second try. For operators alone."""

from __future__ import annotations

from ninja import Query

from cairn.apps.ledger import commands, policy
from cairn.apps.ledger import queries as ledger
from cairn.interfaces.api.frame import Request, Routes
from cairn.interfaces.api.paging import Page, Paging, page
from cairn.interfaces.api.shapes.base import Id
from cairn.interfaces.api.shapes.operating import AsideReason, DeliveriesAsked, DeliveryShown, JobShown, OperationsShown, QueueShown
from cairn.kernel.errors import NotFound

routes = Routes("operations")
DELIVERY = "/operations/deliveries/{delivery_id}"


def _require_operator(request: Request) -> None:
    """For everybody else there is nothing here."""
    if not policy.READ_OPERATIONS.allows(request.actor, None):
        raise NotFound("page")


@routes.get("/operations", OperationsShown, scope="operations:read")
def operations(request: Request) -> OperationsShown:
    """The queues and the timed jobs."""
    _require_operator(request)
    queue = [QueueShown.model_validate(line) for line in ledger.queue(request.actor)]
    return OperationsShown(queue=queue, jobs=[JobShown.model_validate(job) for job in ledger.jobs(request.actor)])


@routes.get("/operations/deliveries", Page[DeliveryShown], scope="operations:read")
def deliveries(request: Request, asked: Query[DeliveriesAsked], paging: Query[Paging]) -> Page[DeliveryShown]:
    """Deliveries in a state, the oldest first."""
    _require_operator(request)
    return page(ledger.deliveries(request.actor, asked.state), ("created_at", "pk"), paging, DeliveryShown.model_validate)


@routes.post(DELIVERY + "/try-again", DeliveryShown, scope="operations:write", status=200)
def try_again(request: Request, delivery_id: Id) -> DeliveryShown:
    """Put a parked delivery back into the queue."""
    return DeliveryShown.model_validate(commands.try_again(actor=request.actor, delivery_id=delivery_id))


@routes.post(DELIVERY + "/set-aside", DeliveryShown, scope="operations:write", status=200)
def set_aside(request: Request, delivery_id: Id, body: AsideReason) -> DeliveryShown:
    """Decide that a parked delivery shall not happen."""
    return DeliveryShown.model_validate(commands.set_aside(actor=request.actor, delivery_id=delivery_id, reason=body.reason))
