# SPDX-License-Identifier: Apache-2.0
"""server.py PROTO [tls=PAIR.PEM]: TestService on grpcio, on a free loopback port. Prints {"port":N}; ends with its standard input."""
import sys
from concurrent import futures

import grpc

from protocol import INITIAL, SERVICE, TRAILING, flag, load, report, zeros

types = load(sys.argv[1])


def echo_metadata(context):
    """Sends back what the client asks for in its headers."""
    received = dict(context.invocation_metadata())
    if INITIAL in received:
        context.send_initial_metadata(((INITIAL, received[INITIAL]),))
    if TRAILING in received:
        context.set_trailing_metadata(((TRAILING, received[TRAILING]),))


def fail_as_asked(request, context):
    """Ends the call with the status that the request names."""
    wanted = request.response_status
    if wanted.code != 0:
        code = next(code for code in grpc.StatusCode if code.value[0] == wanted.code)
        context.abort(code, wanted.message)


def unary(request, context):
    echo_metadata(context)
    fail_as_asked(request, context)
    return zeros(types["SimpleResponse"](), request.response_size)


def output(request, context):
    fail_as_asked(request, context)
    for one in request.response_parameters:
        yield zeros(types["StreamingOutputCallResponse"](), one.size)


def inputs(requests, context):
    return types["StreamingInputCallResponse"](aggregated_payload_size=sum(len(one.payload.body) for one in requests))


def duplex(requests, context):
    echo_metadata(context)
    for request in requests:
        yield from output(request, context)


def main():
    def handler(kind, method, request):
        return kind(method, request_deserializer=types[request].FromString, response_serializer=lambda reply: reply.SerializeToString())

    methods = {
        "EmptyCall": handler(grpc.unary_unary_rpc_method_handler, lambda request, context: request, "Empty"),
        "UnaryCall": handler(grpc.unary_unary_rpc_method_handler, unary, "SimpleRequest"),
        "StreamingOutputCall": handler(grpc.unary_stream_rpc_method_handler, output, "StreamingOutputCallRequest"),
        "StreamingInputCall": handler(grpc.stream_unary_rpc_method_handler, inputs, "StreamingInputCallRequest"),
        "FullDuplexCall": handler(grpc.stream_stream_rpc_method_handler, duplex, "StreamingOutputCallRequest"),
    }
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, methods),))
    pair = flag("tls")
    if pair:
        pem = open(pair, "rb").read()
        port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(pem, pem)]))
    else:
        port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    report({"port": port})
    sys.stdin.read()
    server.stop(None).wait()


main()
