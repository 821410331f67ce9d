"""A hook of schemathesis: each order has a key of its own, as it tries many bodies with the same one. A key that is meant to
be wrong stays as it is."""

import uuid

import schemathesis

KEY = "Idempotency-Key"


@schemathesis.hook
def before_call(context, case, kwargs):
    try:
        uuid.UUID((case.headers or {}).get(KEY))
    except (TypeError, ValueError, AttributeError):
        return
    case.headers[KEY] = str(uuid.uuid4())
