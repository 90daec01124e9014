// SPDX-License-Identifier: Apache-2.0
'use strict';

// node server.js PROTO SERVICE [gzip] [tls=PAIR.PEM]: serves services/SERVICE.js on a free loopback port. It prints {"port":N} and then
// one JSON line for whatever its handlers report. It ends when its standard input ends, so that it never outlives the test that started it.
const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const { load } = require('./protos');

const [proto, name, ...flags] = process.argv.slice(2);
const service = require(path.join(__dirname, 'services', `${name}.js`));
const report = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const options = flags.includes('gzip') ? { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip } : {};
const server = new grpc.Server(options);
server.addService(service.find(load(proto)).service, service.handlers(report));
const pair = flags.filter((flag) => flag.startsWith('tls=')).map((flag) => fs.readFileSync(flag.slice(4)))[0];
const credentials = pair
  ? grpc.ServerCredentials.createSsl(null, [{ cert_chain: pair, private_key: pair }]) : grpc.ServerCredentials.createInsecure();
server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
  if (error) throw error;
  report({ port });
});

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
