// SPDX-License-Identifier: Apache-2.0
'use strict';

// The TestService of the official interoperability tests, on grpc-js.
const grpc = require('@grpc/grpc-js');

const INITIAL = 'x-grpc-test-echo-initial';
const TRAILING = 'x-grpc-test-echo-trailing-bin';
const zeros = (size) => ({ payload: { body: Buffer.alloc(size) } });

/** Sends back what the client asks for in its headers; returns the trailers. */
function echoMetadata(call) {
  const initial = new grpc.Metadata();
  const trailing = new grpc.Metadata();
  for (const value of call.metadata.get(INITIAL)) initial.set(INITIAL, value);
  for (const value of call.metadata.get(TRAILING)) trailing.set(TRAILING, value);
  if (call.metadata.get(INITIAL).length > 0) call.sendMetadata(initial);
  return trailing;
}

/** The error that a request asks for, or null. */
const failure = ({ response_status: wanted }) =>
  wanted && wanted.code !== 0 ? Object.assign(new Error(wanted.message), { code: wanted.code, details: wanted.message }) : null;

function stream(call, request) {
  const error = failure(request);
  if (error) call.emit('error', error);
  else for (const { size } of request.response_parameters) call.write(zeros(size));
}

/** The handlers. */
exports.handlers = () => ({
  EmptyCall: (call, callback) => callback(null, {}),

  UnaryCall(call, callback) {
    const trailers = echoMetadata(call);
    const error = failure(call.request);
    if (error) callback(error);
    else callback(null, zeros(call.request.response_size), trailers);
  },

  StreamingOutputCall(call) {
    stream(call, call.request);
    call.end();
  },

  StreamingInputCall(call, callback) {
    let sum = 0;
    call.on('data', (request) => { sum += request.payload.body.length; });
    call.on('end', () => callback(null, { aggregated_payload_size: sum }));
  },

  FullDuplexCall(call) {
    const trailers = echoMetadata(call);
    call.on('data', (request) => stream(call, request));
    call.on('end', () => call.end(trailers));
  },
});

/** The service in a loaded package. */
exports.find = (packages) => packages.grpc.testing.TestService;

/** The clients that the cases get. */
exports.clients = (packages, ...connection) => ({
  test: new packages.grpc.testing.TestService(...connection),
  unimplemented: new packages.grpc.testing.UnimplementedService(...connection),
});
