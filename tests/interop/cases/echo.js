// SPDX-License-Identifier: Apache-2.0
'use strict';

// What the client of grpc-js must get from a server with the Echo service. Each case is a function of a client.
const assert = require('node:assert/strict');
const grpc = require('@grpc/grpc-js');

const { status } = grpc;

/** A unary call as a promise. */
const unary = (client, request, metadata = new grpc.Metadata(), options = {}) =>
  new Promise((resolve, reject) => {
    client.Unary(request, metadata, options, (error, reply) => (error ? reject(error) : resolve(reply)));
  });

/** The next message of a stream. */
const next = async (iterator) => (await iterator.next()).value;

exports.unary = async (client) => {
  const reply = await unary(client, { payload: Buffer.from('hello'), labels: { a: '1', b: 'ü' } });
  assert.equal(reply.payload.toString(), 'hello');
  assert.equal(reply.labels.b, 'ü');
};

exports.large_unary = async (client) => {
  const payload = Buffer.alloc(3_000_000, 7);
  assert.ok((await unary(client, { payload })).payload.equals(payload));
};

exports.server_streaming = async (client) => {
  const indexes = [];
  for await (const reply of client.ServerStream({ count: 20, reply_bytes: 50_000 })) {
    assert.equal(reply.payload.length, 50_000);
    indexes.push(reply.index);
  }
  assert.deepEqual(indexes, [...Array(20).keys()]);
};

exports.client_streaming = async (client) => {
  const reply = await new Promise((resolve, reject) => {
    const call = client.ClientStream((error, message) => (error ? reject(error) : resolve(message)));
    for (let i = 0; i < 20; i++) call.write({ payload: Buffer.alloc(1000) });
    call.end();
  });
  assert.equal(reply.index, 20);
  assert.equal(reply.received_bytes, 20_000);
};

exports.duplex_ping_pong = async (client) => {
  const call = client.Duplex();
  const replies = call[Symbol.asyncIterator]();
  for (let i = 0; i < 20; i++) {
    call.write({ reply_bytes: i + 1 });
    assert.equal((await next(replies)).payload.length, i + 1);
  }
  call.end();
  assert.equal(await next(replies), undefined);
};

exports.deadline = async (client) => {
  await assert.rejects(
    unary(client, { delay_millis: -1 }, undefined, { deadline: Date.now() + 300 }),
    (error) => error.code === status.DEADLINE_EXCEEDED);
};

exports.cancel = async (client) => {
  const call = client.Duplex();
  const replies = call[Symbol.asyncIterator]();
  call.write({ reply_bytes: 1 });
  await next(replies);
  call.cancel();
  await assert.rejects(next(replies), (error) => error.code === status.CANCELLED);
};

exports.error_with_details = async (client) => {
  const asked = { fail_code: status.FAILED_PRECONDITION, fail_detail: 'nö: 100 %', fail_details_bin: Buffer.from([1, 2, 255]) };
  await assert.rejects(unary(client, asked), (error) => {
    assert.equal(error.code, status.FAILED_PRECONDITION);
    assert.equal(error.details, 'nö: 100 %');
    assert.deepEqual(error.metadata.get('reason'), ['as-asked']);
    assert.deepEqual(error.metadata.get('grpc-status-details-bin'), [Buffer.from([1, 2, 255])]);
    return true;
  });
};

exports.error_after_messages = async (client) => {
  const replies = client.ServerStream({ count: 2, fail_code: status.ABORTED })[Symbol.asyncIterator]();
  await next(replies);
  await next(replies);
  await assert.rejects(next(replies), (error) => error.code === status.ABORTED);
};

exports.unimplemented = async (client) => {
  const error = await new Promise((resolve) => {
    client.NotThere({}, resolve);
  });
  assert.equal(error.code, status.UNIMPLEMENTED);
};

exports.too_large = async (client) => {
  await assert.rejects(unary(client, { payload: Buffer.alloc(5_000_000) }), (error) => error.code === status.RESOURCE_EXHAUSTED);
};
