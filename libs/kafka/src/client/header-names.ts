/** What CloudEvents and tracing put on nearly every record. */
const usual = [
  'content-type', 'ce_specversion', 'ce_type', 'ce_source', 'ce_eventversion', 'ce_id', 'ce_time',
  'ce_subject', 'ce_correlationid', 'ce_causationid', 'traceparent',
];
const byLength: (readonly string[] | undefined)[] = [];
for (const { length } of usual) byLength[length] = usual.filter((name) => name.length === length);

/** The name that stands in these bytes. */
export function headerName(bytes: Buffer, start: number, end: number): string {
  const candidates = byLength[end - start];
  if (candidates !== undefined) for (const name of candidates) if (stands(name, bytes, start)) return name;
  return bytes.toString('utf8', start, end);
}

/** From the end, where names differ. */
function stands(name: string, bytes: Buffer, start: number): boolean {
  for (let at = name.length - 1; at >= 0; at--) if (bytes[start + at] !== name.charCodeAt(at)) return false;
  return true;
}
