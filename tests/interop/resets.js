// SPDX-License-Identifier: Apache-2.0
'use strict';

// node resets.js: a bare HTTP/2 server that never answers. It prints {"port":N}, {"event":"open"} for each stream and
// {"event":"closed","code":N} with the code of the RST_STREAM that ended it. It ends when its standard input ends.
const http2 = require('node:http2');

const report = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const server = http2.createServer();
server.on('stream', (stream) => {
  report({ event: 'open' });
  stream.on('error', () => {});
  stream.on('close', () => report({ event: 'closed', code: stream.rstCode }));
  stream.resume();
});
server.listen(0, '127.0.0.1', () => report({ port: server.address().port }));

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
