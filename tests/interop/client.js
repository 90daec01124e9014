// SPDX-License-Identifier: Apache-2.0
'use strict';

// node client.js PROTO SERVICE ADDRESS CASE [gzip]: runs a case of cases/SERVICE.js against a server. Ends with 0 when it holds.
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const { load } = require('./protos');

const [proto, name, address, caseName, ...flags] = process.argv.slice(2);
const run = require(path.join(__dirname, 'cases', `${name}.js`))[caseName];
const service = require(path.join(__dirname, 'services', `${name}.js`));

const options = flags.includes('gzip') ? { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip } : {};
const Client = service.find(load(proto));
const client = new Client(address, grpc.credentials.createInsecure(), options);

run(client).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  });
