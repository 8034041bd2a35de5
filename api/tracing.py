"""Traces for OpenTelemetry, off unless ``SCORING_TRACES`` says where they go.

``console`` writes spans to standard output; an address (``http://127.0.0.1:4318/v1/traces``) sends
them to a collector, which needs the extra ``tracing`` of this package. A span has the route's name,
the method, the status and the request's id: no address that was asked, no value of a client. A
caller's ``traceparent`` is continued.
"""

from __future__ import annotations

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SimpleSpanProcessor,
)
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONSOLE = "console"
PATIENCE_S = 3
_REQUEST_ID = b"x-request-id"


class TracesRefused(Exception):
    """Traces cannot go where the settings want them."""


class Traced:
    """The application behind, each of its answers told as a span."""

    def __init__(self, app: ASGIApp, where: str) -> None:
        self._app = app
        self._provider = TracerProvider(resource=Resource({"service.name": "scoring"}))
        self._provider.add_span_processor(_processor(where))
        self._tracer = self._provider.get_tracer("scoring.api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, within a span."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        state = scope.setdefault("state", {})
        attributes = {"http.request.method": scope["method"]}
        earlier = TraceContextTextMapPropagator().extract(_traceparent(scope))
        with self._tracer.start_as_current_span(
            "request",
            earlier,
            SpanKind.SERVER,
            attributes,
            record_exception=False,  # its text may quote what was sent
            set_status_on_exception=False,
        ) as span:

            async def noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.update_name(state["operation"])
                    span.set_attribute("http.route", state["operation"])
                    span.set_attribute("http.response.status_code", message["status"])
                    request_id = dict(message["headers"]).get(_REQUEST_ID, b"")
                    span.set_attribute("scoring.request_id", request_id.decode())
                    if message["status"] >= 500:
                        span.set_status(Status(StatusCode.ERROR))
                await send(message)

            await self._app(scope, receive, noted)
        return None


def _traceparent(scope: Scope) -> dict[str, str]:
    found = dict(scope["headers"]).get(b"traceparent", b"")
    return {"traceparent": found.decode("latin-1")}


def _processor(where: str) -> SpanProcessor:
    if where == CONSOLE:
        return SimpleSpanProcessor(ConsoleSpanExporter())
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError:
        msg = (
            "SCORING_TRACES names a collector, and what sends to one is not installed: "
            "install this package with its extra `tracing`, or say SCORING_TRACES=console."
        )
        raise TracesRefused(msg) from None
    return BatchSpanProcessor(OTLPSpanExporter(endpoint=where, timeout=PATIENCE_S))


def must_be_possible(where: str) -> None:
    """Raise ``TracesRefused`` unless traces can go there."""
    _processor(where).shutdown()
