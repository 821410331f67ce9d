"""An order's journey as a foreign team would drive it from Python: native gRPC, and no generated code of ours. All
that it knows beside names are the address and the staff's token; the messages come from the gateway's reflection.

    COMANDA_URL=http://127.0.0.1:8080 COMANDA_TOKEN=… python journey.py

Exits with 0 only if each step was answered, and shown on both streams, as the contracts say.
"""

import os
import sys
import uuid

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

# For one call, and for a whole stream. Generous: a busy machine is no failure.
CALL, STREAM = 30, 90


def check(truth, what):
    if not truth:
        sys.exit(f"journey.py: {what}")


class Comanda:
    """Calls methods by their full name, with messages made of the descriptors that the server shows."""

    def __init__(self, address):
        self.channel = grpc.insecure_channel(address)
        self.contracts = ProtoReflectionDescriptorDatabase(self.channel)
        self.pool = DescriptorPool(self.contracts)

    def method(self, name):
        method = self.pool.FindMethodByName(name)
        request, reply = GetMessageClass(method.input_type), GetMessageClass(method.output_type)
        kind = self.channel.unary_stream if method.server_streaming else self.channel.unary_unary
        path = f"/{method.containing_service.full_name}/{method.name}"
        return request, kind(path, request_serializer=request.SerializeToString, response_deserializer=reply.FromString)

    def call(self, name, token=None, **fields):
        """The reply, and the metadata before it."""
        request, method = self.method(name)
        reply, call = method.with_call(request(**fields), timeout=CALL, metadata=bearer(token))
        return reply, dict(call.initial_metadata())

    def watch(self, name, token, **fields):
        request, method = self.method(name)
        return method(request(**fields), timeout=STREAM, metadata=bearer(token))

    def state(self, number):
        return self.pool.FindEnumTypeByName("comanda.type.v1.OrderState").values_by_number[number].name


def bearer(token):
    return [("authorization", f"Bearer {token}")] if token else []


def until(stream, what, wish):
    """Reads a stream until the wish finds something in a message."""
    for message in stream:
        found = wish(message)
        if found:
            print(f"seen: {what}")
            return found
    sys.exit(f"journey.py: the stream ended before: {what}")


def refusal(error):
    """The code, and the google.rpc details by their type."""
    status = rpc_status.from_call(error)
    check(status, f"a refusal without details: {error}")
    details = {}
    for packed in status.details:
        kind = packed.TypeName().removeprefix("google.rpc.")
        details[kind] = getattr(error_details_pb2, kind)()
        check(packed.Unpack(details[kind]), f"{kind} cannot be unpacked")
    return error.code(), details


def is_refused_field_by_field(comanda, wanted):
    try:
        comanda.call("comanda.orders.v1.OrderService.PlaceOrder", **{**wanted, "customer_name": ""})
    except grpc.RpcError as error:
        code, details = refusal(error)
        check(code == grpc.StatusCode.INVALID_ARGUMENT, f"refused with {code}")
        info, fields = details["ErrorInfo"], details["BadRequest"].field_violations
        check((info.domain, info.reason) == ("comanda", "FIELD_INVALID"), f"refused for {info}")
        check([field.field for field in fields] == ["customer_name"], f"refused for {fields}")
        check(details["LocalizedMessage"].locale == "pt-BR", f"refused in {details['LocalizedMessage'].locale}")
        print(f"refused: {details['LocalizedMessage'].message}")
        return
    sys.exit("journey.py: an order without a name was accepted")


def place(comanda, wanted):
    placed, metadata = comanda.call("comanda.orders.v1.OrderService.PlaceOrder", **wanted)
    check("x-idempotent-replay" not in metadata, f"the first answer is marked as a repeat: {metadata}")
    again, metadata = comanda.call("comanda.orders.v1.OrderService.PlaceOrder", **wanted)
    check(metadata.get("x-idempotent-replay") == "true", f"the repeat is not marked: {metadata}")
    check(again == placed, "the repeat has another answer")
    print(f"placed: number {placed.order.number}, and its repeat is the same order")
    return placed


def ticket_of(order_id):
    """Finds an order's ticket in the board's news: in a part of the snapshot, or on its own."""
    return lambda news: next((t for t in [*news.snapshot.tickets, news.upsert] if t.order_id == order_id), None)


def main():
    staff = os.environ["COMANDA_TOKEN"]
    comanda = Comanda(os.environ["COMANDA_URL"].removeprefix("http://"))
    for service in ("catalog.v1.CatalogService", "orders.v1.OrderService", "kitchen.v1.KitchenService"):
        check(f"comanda.{service}" in comanda.contracts.get_services(), f"reflection does not list {service}")

    menu = comanda.call("comanda.catalog.v1.CatalogService.GetMenu", shop_id="main")[0].menu
    products = [product for category in menu.categories for product in category.products]
    # The staples: no choice must be made, and never sold out.
    product = next((p for p in products if p.name == "Pão de queijo"), None)
    check(product, f"no pão de queijo among {len(products)} products")
    board = comanda.watch("comanda.kitchen.v1.KitchenService.WatchTickets", staff, shop_id="main")
    until(board, "the whole board", lambda news: news.snapshot.complete)

    wanted = {
        "request_id": str(uuid.uuid4()),
        "customer_name": "Guido",
        "service_mode": {"take_away": {}},
        "lines": [{"product_id": product.product_id, "quantity": 2, "seen_unit_price": product.price}],
    }
    is_refused_field_by_field(comanda, {**wanted, "request_id": str(uuid.uuid4())})
    placed = place(comanda, wanted)
    check(placed.order.total.minor_units == 2 * product.price.minor_units, f"the total is {placed.order.total}")
    order_id = placed.order.order_id
    ticket = until(board, "the ticket on the board", ticket_of(order_id))
    check((ticket.number, ticket.lines[0].quantity) == (placed.order.number, 2), f"not what was ordered: {ticket}")
    order = comanda.watch("comanda.orders.v1.OrderService.WatchOrder", placed.view_token, order_id=order_id)
    until(order, "the kitchen has it", lambda news: news.order.HasField("ticket_time"))

    for step, state in (("StartTicket", "PREPARING"), ("MarkReady", "READY"), ("MarkCollected", "COLLECTED")):
        tap = {"request_id": str(uuid.uuid4()), "order_id": order_id, "revision": ticket.revision}
        ticket = comanda.call(f"comanda.kitchen.v1.KitchenService.{step}", staff, **tap)[0].ticket
        check(comanda.state(ticket.state) == f"ORDER_STATE_{state}", f"{step} gave {comanda.state(ticket.state)}")
        shown = until(order, f"the order is {state}", lambda news: news.order.state == ticket.state and news.order)
        check(shown.revision == ticket.revision + 1, f"the order's revision is {shown.revision}, not one ahead")
    until(board, "the ticket left the board", lambda news: news.removed.order_id == order_id)
    board.cancel()
    order.cancel()
    comanda.channel.close()


if __name__ == "__main__":
    main()
