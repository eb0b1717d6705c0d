import { FrameSplitter } from './kafka-frames.js';
import type { Inspector } from './link.js';

/**
 * A broker tells clients its own address, and a process as it is deployed cannot be led elsewhere: with this
 * in front it hears the proxy's port in place of the broker's.
 */
export function readdressed(inner: Inspector, ports: { readonly broker: number; readonly proxy: () => number }): Inspector {
  return (close) => {
    const replies = new FrameSplitter();
    const { request, reply } = inner(close);
    return { request, reply: (chunk) => replies.push(chunk).map((frame) => readdress(frame, addressOf(ports.broker), addressOf(ports.proxy()))).flatMap((frame) => reply(frame)) };
  };
}

/** As the protocol writes host and port one after the other. */
function addressOf(port: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(port);
  return Buffer.concat([Buffer.from('127.0.0.1'), bytes]);
}

function readdress(frame: Buffer, from: Buffer, to: Buffer): Buffer {
  const changed = Buffer.from(frame);
  for (let at = changed.indexOf(from); at !== -1; at = changed.indexOf(from, at + to.length)) to.copy(changed, at);
  return changed;
}
