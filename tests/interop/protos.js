// SPDX-License-Identifier: Apache-2.0
'use strict';

const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

/** Loads a proto file and returns its packages as grpc-js sees them. */
exports.load = (file) =>
  grpc.loadPackageDefinition(
    protoLoader.loadSync(file, { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true }));
