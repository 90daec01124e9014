// SPDX-License-Identifier: Apache-2.0
'use strict';

// The official interoperability cases, as the client of grpc-js runs them. Each case is a function of { test, unimplemented }: clients of
// TestService and of UnimplementedService.
const assert = require('node:assert/strict');
const grpc = require('@grpc/grpc-js');

const { status } = grpc;
const zeros = (size) => ({ body: Buffer.alloc(size) });
const PAIRS = [[31415, 27182], [9, 8], [2653, 1828], [58979, 45904]];
const INITIAL = 'x-grpc-test-echo-initial';
const TRAILING = 'x-grpc-test-echo-trailing-bin';

/** A call with one request and one answer: its answer, headers and trailers. */
const unary = (client, method, request, metadata = new grpc.Metadata()) =>
  new Promise((resolve, reject) => {
    let headers;
    let reply;
    const call = client[method](request, metadata, (error, message) => {
      reply = message;
      if (error) reject(error);
    });
    call.on('metadata', (received) => { headers = received; });
    call.on('status', (end) => { if (end.code === status.OK) resolve({ reply, headers, trailers: end.metadata }); });
  });

/** The end of a stream: its status, whatever it is. */
const ended = (call) => new Promise((resolve) => {
  call.on('error', () => {});
  call.on('status', resolve);
});

const failsWith = async (promise, code, details) => {
  const error = await promise.then(() => assert.fail('it succeeded'), (rejected) => rejected);
  assert.equal(error.code, code);
  if (details !== undefined) assert.equal(error.details, details);
};

exports.empty_unary = async ({ test }) => assert.deepEqual((await unary(test, 'EmptyCall', {})).reply, {});

exports.large_unary = async ({ test }) => {
  const { reply } = await unary(test, 'UnaryCall', { response_size: 314159, payload: zeros(271828) });
  assert.ok(reply.payload.body.equals(Buffer.alloc(314159)));
};

exports.client_streaming = async ({ test }) => {
  const reply = await new Promise((resolve, reject) => {
    const call = test.StreamingInputCall((error, message) => (error ? reject(error) : resolve(message)));
    for (const size of [27182, 8, 1828, 45904]) call.write({ payload: zeros(size) });
    call.end();
  });
  assert.equal(reply.aggregated_payload_size, 74922);
};

exports.server_streaming = async ({ test }) => {
  const sizes = [];
  const request = { response_parameters: PAIRS.map(([size]) => ({ size })) };
  for await (const reply of test.StreamingOutputCall(request)) sizes.push(reply.payload.body.length);
  assert.deepEqual(sizes, PAIRS.map(([size]) => size));
};

exports.ping_pong = async ({ test }) => {
  const call = test.FullDuplexCall();
  const replies = call[Symbol.asyncIterator]();
  for (const [size, sent] of PAIRS) {
    call.write({ response_parameters: [{ size }], payload: zeros(sent) });
    assert.equal((await replies.next()).value.payload.body.length, size);
  }
  call.end();
  assert.equal((await replies.next()).done, true);
};

exports.empty_stream = async ({ test }) => {
  const call = test.FullDuplexCall();
  call.on('data', () => assert.fail('a message came'));
  call.end();
  assert.equal((await ended(call)).code, status.OK);
};

exports.cancel_after_begin = async ({ test }) => {
  const call = test.StreamingInputCall(() => {});
  const end = ended(call);
  setImmediate(() => call.cancel());
  assert.equal((await end).code, status.CANCELLED);
};

exports.cancel_after_first_response = async ({ test }) => {
  const call = test.FullDuplexCall();
  const end = ended(call);
  call.on('data', () => call.cancel());
  call.write({ response_parameters: [{ size: 31415 }], payload: zeros(27182) });
  assert.equal((await end).code, status.CANCELLED);
};

exports.timeout_on_sleeping_server = async ({ test }) => {
  const call = test.FullDuplexCall(new grpc.Metadata(), { deadline: Date.now() + 1 });
  call.on('data', () => {});
  const end = ended(call);
  call.write({ payload: zeros(27182) });
  assert.equal((await end).code, status.DEADLINE_EXCEEDED);
};

exports.custom_metadata = async ({ test }) => {
  const metadata = new grpc.Metadata();
  metadata.set(INITIAL, 'test_initial_metadata_value');
  metadata.set(TRAILING, Buffer.from('ababab', 'hex'));
  const check = (headers, trailers) => {
    assert.deepEqual(headers.get(INITIAL), ['test_initial_metadata_value']);
    assert.deepEqual(trailers.get(TRAILING), [Buffer.from('ababab', 'hex')]);
  };
  const { headers, trailers } = await unary(test, 'UnaryCall', { response_size: 314159, payload: zeros(271828) }, metadata);
  check(headers, trailers);

  const call = test.FullDuplexCall(metadata);
  let received;
  call.on('metadata', (initial) => { received = initial; });
  call.on('data', () => {});
  call.write({ response_parameters: [{ size: 314159 }], payload: zeros(271828) });
  call.end();
  const end = await ended(call);
  assert.equal(end.code, status.OK);
  check(received, end.metadata);
};

exports.status_code_and_message = async ({ test }) => {
  const responseStatus = { code: 2, message: 'test status message' };
  await failsWith(unary(test, 'UnaryCall', { response_status: responseStatus }), 2, 'test status message');
  const call = test.FullDuplexCall();
  call.on('data', () => {});
  const end = ended(call);
  call.write({ response_status: responseStatus });
  call.end();
  const { code, details } = await end;
  assert.deepEqual([code, details], [2, 'test status message']);
};

exports.special_status_message = async ({ test }) => {
  const message = '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n';
  await failsWith(unary(test, 'UnaryCall', { response_status: { code: 2, message } }), 2, message);
};

exports.unimplemented_method = async ({ test }) => failsWith(unary(test, 'UnimplementedCall', {}), status.UNIMPLEMENTED);

exports.unimplemented_service = async ({ unimplemented }) =>
  failsWith(unary(unimplemented, 'UnimplementedCall', {}), status.UNIMPLEMENTED);
