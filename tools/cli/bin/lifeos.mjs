#!/usr/bin/env node
// Kept apart from dist/, which does not exist yet when npm links it.
const { main } = await import('../dist/main.js');
await main(process.argv);
