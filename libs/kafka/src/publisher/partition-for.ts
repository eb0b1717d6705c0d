const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/** The partition of a key by Kafka's own hash, as the Java client and its tools compute it. */
export function partitionFor(key: string | Buffer, partitions: number): number {
  const hash = murmur2(typeof key === 'string' ? Buffer.from(key) : key);
  return (hash & 0x7fffffff) % partitions;
}

/** murmur2 with 32 bit integers, signed as in `org.apache.kafka.common.utils.Utils.murmur2`. */
export function murmur2(data: Buffer): number {
  const whole = data.length - (data.length % 4);
  let hash = seed ^ data.length;
  for (let at = 0; at < whole; at += 4) hash = Math.imul(hash, multiplier) ^ mixed(data.readInt32LE(at));
  if (whole < data.length) hash = Math.imul(hash ^ data.readUIntLE(whole, data.length - whole), multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

function mixed(word: number): number {
  const product = Math.imul(word, multiplier);
  return Math.imul(product ^ (product >>> 24), multiplier);
}
