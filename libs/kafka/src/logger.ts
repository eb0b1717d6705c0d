/** Structured lines: values first, then the message; pino has this form. */
export interface KafkaLogger {
  debug(values: object, message: string): void;
  info(values: object, message: string): void;
  warn(values: object, message: string): void;
  error(values: object, message: string): void;
}

export const silentLogger: KafkaLogger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
