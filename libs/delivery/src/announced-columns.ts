/** What an announcement takes over from its letter as it is. */
export const announcedColumns = [
  'handler', 'topic', 'partition', 'record_offset', 'event_id', 'reason', 'error_code', 'error_message', 'error_stack',
  'attempts', 'first_failed_at', 'last_failed_at', 'record_key', 'record_value', 'record_headers',
].join(', ');
