# SPDX-License-Identifier: Apache-2.0
"""The official interoperability cases, as the client of grpcio runs them. Each is a function of a stub."""
import queue

import grpc

from protocol import INITIAL, SERVICE, TRAILING, zeros

PAIRS = ((31415, 27182), (9, 8), (2653, 1828), (58979, 45904))
METADATA = ((INITIAL, "test_initial_metadata_value"), (TRAILING, b"\xab\xab\xab"))
PATIENCE_SECONDS = 20


class Stub:
    """The methods, typed by the loaded messages."""

    def __init__(self, channel, types):
        def method(kind, path, reply):
            return kind(path, request_serializer=lambda message: message.SerializeToString(), response_deserializer=types[reply].FromString)

        self.types = types
        self.empty = method(channel.unary_unary, f"/{SERVICE}/EmptyCall", "Empty")
        self.unary = method(channel.unary_unary, f"/{SERVICE}/UnaryCall", "SimpleResponse")
        self.output = method(channel.unary_stream, f"/{SERVICE}/StreamingOutputCall", "StreamingOutputCallResponse")
        self.input = method(channel.stream_unary, f"/{SERVICE}/StreamingInputCall", "StreamingInputCallResponse")
        self.duplex = method(channel.stream_stream, f"/{SERVICE}/FullDuplexCall", "StreamingOutputCallResponse")
        self.no_method = method(channel.unary_unary, f"/{SERVICE}/UnimplementedCall", "Empty")
        self.no_service = method(channel.unary_unary, "/grpc.testing.UnimplementedService/UnimplementedCall", "Empty")

    def request(self, size, sent):
        """A request of a duplex call."""
        return zeros(self.types["StreamingOutputCallRequest"](response_parameters=[{"size": size}]), sent)


class Requests:
    """A stream of requests that is fed by hand; ends with None."""

    def __init__(self):
        self._queue = queue.Queue()

    def put(self, request):
        self._queue.put(request)

    def __iter__(self):
        return iter(self._queue.get, None)


def fails_with(code, finish, details=None):
    """Finishing the call must end with this status."""
    try:
        finish()
    except grpc.RpcError as error:
        assert error.code() == code, f"{error.code()}: {error.details()}"
        assert details is None or error.details() == details, repr(error.details())
        return
    except grpc.FutureCancelledError:
        assert code == grpc.StatusCode.CANCELLED
        return
    raise AssertionError("it succeeded")


def empty_unary(stub):
    assert stub.empty(stub.types["Empty"](), timeout=PATIENCE_SECONDS) == stub.types["Empty"]()


def large_unary(stub):
    reply = stub.unary(zeros(stub.types["SimpleRequest"](response_size=314159), 271828), timeout=PATIENCE_SECONDS)
    assert reply.payload.body == bytes(314159)


def client_streaming(stub):
    requests = (zeros(stub.types["StreamingInputCallRequest"](), size) for size in (27182, 8, 1828, 45904))
    assert stub.input(requests, timeout=PATIENCE_SECONDS).aggregated_payload_size == 74922


def server_streaming(stub):
    request = stub.types["StreamingOutputCallRequest"](response_parameters=[{"size": size} for size, _ in PAIRS])
    sizes = [len(reply.payload.body) for reply in stub.output(request, timeout=PATIENCE_SECONDS)]
    assert sizes == [size for size, _ in PAIRS], sizes


def ping_pong(stub):
    requests = Requests()
    call = stub.duplex(iter(requests), timeout=PATIENCE_SECONDS)
    for size, sent in PAIRS:
        requests.put(stub.request(size, sent))
        assert len(next(call).payload.body) == size
    requests.put(None)
    assert not list(call)


def empty_stream(stub):
    call = stub.duplex(iter(()), timeout=PATIENCE_SECONDS)
    assert not list(call)
    assert call.code() == grpc.StatusCode.OK


def cancel_after_begin(stub):
    requests = Requests()
    call = stub.input.future(iter(requests), timeout=PATIENCE_SECONDS)
    call.cancel()
    requests.put(None)
    fails_with(grpc.StatusCode.CANCELLED, call.result)
    assert call.cancelled() and call.code() == grpc.StatusCode.CANCELLED


def cancel_after_first_response(stub):
    requests = Requests()
    call = stub.duplex(iter(requests), timeout=PATIENCE_SECONDS)
    requests.put(stub.request(31415, 27182))
    assert len(next(call).payload.body) == 31415
    call.cancel()
    requests.put(None)
    fails_with(grpc.StatusCode.CANCELLED, lambda: list(call))


def timeout_on_sleeping_server(stub):
    requests = Requests()
    requests.put(zeros(stub.types["StreamingOutputCallRequest"](), 27182))
    call = stub.duplex(iter(requests), timeout=0.001)
    fails_with(grpc.StatusCode.DEADLINE_EXCEEDED, lambda: list(call))
    requests.put(None)


def custom_metadata(stub):
    def check(call):
        assert (METADATA[0]) in [tuple(one) for one in call.initial_metadata()], call.initial_metadata()
        assert (METADATA[1]) in [tuple(one) for one in call.trailing_metadata()], call.trailing_metadata()

    request = zeros(stub.types["SimpleRequest"](response_size=314159), 271828)
    _, unary = stub.unary.with_call(request, timeout=PATIENCE_SECONDS, metadata=METADATA)
    check(unary)
    duplex = stub.duplex(iter([stub.request(314159, 271828)]), timeout=PATIENCE_SECONDS, metadata=METADATA)
    assert [len(reply.payload.body) for reply in duplex] == [314159]
    check(duplex)


def status_code_and_message(stub):
    wanted = {"code": 2, "message": "test status message"}
    unary = stub.unary.future(stub.types["SimpleRequest"](response_status=wanted), timeout=PATIENCE_SECONDS)
    fails_with(grpc.StatusCode.UNKNOWN, unary.result, "test status message")
    duplex = stub.duplex(iter([stub.types["StreamingOutputCallRequest"](response_status=wanted)]), timeout=PATIENCE_SECONDS)
    fails_with(grpc.StatusCode.UNKNOWN, lambda: list(duplex), "test status message")


def special_status_message(stub):
    message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
    request = stub.types["SimpleRequest"](response_status={"code": 2, "message": message})
    fails_with(grpc.StatusCode.UNKNOWN, stub.unary.future(request, timeout=PATIENCE_SECONDS).result, message)


def unimplemented_method(stub):
    fails_with(grpc.StatusCode.UNIMPLEMENTED, stub.no_method.future(stub.types["Empty"](), timeout=PATIENCE_SECONDS).result)


def unimplemented_service(stub):
    fails_with(grpc.StatusCode.UNIMPLEMENTED, stub.no_service.future(stub.types["Empty"](), timeout=PATIENCE_SECONDS).result)
