// SPDX-License-Identifier: Apache-2.0
'use strict';

// node client.js PROTO SERVICE ADDRESS [gzip] [tls=ROOT.PEM]: prints {"event":"ready"}, then runs the case of cases/SERVICE.js that each
// line of its standard input names and answers with {"case":NAME}, with an "error" when it does not hold. It ends with its input.
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const grpc = require('@grpc/grpc-js');
const { load } = require('./protos');

const [proto, name, address, ...flags] = process.argv.slice(2);
const cases = require(path.join(__dirname, 'cases', `${name}.js`));
const service = require(path.join(__dirname, 'services', `${name}.js`));
const report = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const options = flags.includes('gzip') ? { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip } : {};
const root = flags.find((flag) => flag.startsWith('tls='));
const credentials = root ? grpc.credentials.createSsl(fs.readFileSync(root.slice(4))) : grpc.credentials.createInsecure();
const client = service.clients(load(proto), address, credentials, options);

async function main() {
  report({ event: 'ready' });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    try {
      await cases[line](client);
      report({ case: line });
    } catch (error) {
      report({ case: line, error: String(error.stack || error) });
    }
  }
  process.exit(0);
}

main();
