// SPDX-License-Identifier: Apache-2.0
'use strict';

// The Echo service of tests/Shared.Tests/Grpc/Protos/echo.proto: it does what each request asks for.
const grpc = require('@grpc/grpc-js');

const reply = (request, index) => ({
  payload: request.reply_bytes > 0 ? Buffer.alloc(request.reply_bytes) : request.payload,
  index,
  received_bytes: request.payload.length,
  labels: request.labels,
});

/** The error that a request asks for, or null. */
function failure(request) {
  if (request.fail_code === 0) return null;
  const metadata = new grpc.Metadata();
  metadata.set('reason', 'as-asked');
  if (request.fail_details_bin.length > 0) metadata.set('grpc-status-details-bin', request.fail_details_bin);
  return Object.assign(new Error(request.fail_detail), { code: request.fail_code, details: request.fail_detail, metadata });
}

/** Waits as long as a request asks for; rejects when the call is cancelled first. */
const delay = (call, request, report) =>
  new Promise((resolve, reject) => {
    call.on('cancelled', () => {
      report({ event: 'cancelled' });
      reject(Object.assign(new Error('cancelled'), { code: grpc.status.CANCELLED }));
    });
    if (request.delay_millis >= 0) setTimeout(resolve, request.delay_millis);
  });

async function obey(call, request, report) {
  if (request.delay_millis !== 0) await delay(call, request, report);
  const error = failure(request);
  if (error) throw error;
}

/** The handlers. `report` tells the test what happened. */
exports.handlers = (report) => ({
  async Unary(call, callback) {
    try {
      report({ event: 'metadata', values: call.metadata.getMap(), bin: call.metadata.get('raw-bin').map((b) => b.toString('hex')) });
      await obey(call, call.request, report);
      callback(null, reply(call.request, 0));
    } catch (error) {
      callback(error);
    }
  },

  async ServerStream(call) {
    try {
      for (let i = 0; i < call.request.count; i++) call.write(reply(call.request, i));
      await obey(call, call.request, report);
      call.end();
    } catch (error) {
      call.emit('error', error);
    }
  },

  async ClientStream(call, callback) {
    try {
      let index = 0;
      let received = 0;
      for await (const request of call) {
        index++;
        received += request.payload.length;
        await obey(call, request, report);
      }
      callback(null, { payload: Buffer.alloc(0), index, received_bytes: received, labels: {} });
    } catch (error) {
      callback(error);
    }
  },

  // Not with `for await`: at the end of the requests that would destroy the whole call, answers included.
  Duplex(call) {
    let index = 0;
    let work = Promise.resolve();
    call.on('cancelled', () => report({ event: 'cancelled' }));
    call.on('data', (request) => {
      work = work.then(async () => {
        await obey(call, request, report);
        call.write(reply(request, index++));
      });
      work.catch((error) => call.emit('error', error));
    });
    call.on('end', () => work.then(() => call.end(), () => {}));
  },
});

/** The service in a loaded package. */
exports.find = (packages) => packages.cm.grpc.test.Echo;

/** The client that the cases get. */
exports.clients = (packages, ...connection) => new packages.cm.grpc.test.Echo(...connection);
