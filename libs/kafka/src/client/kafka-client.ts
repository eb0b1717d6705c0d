import kafkajs, { type Kafka, type LogEntry, type logCreator } from 'kafkajs';
import { silentLogger, type KafkaLogger } from '../logger.js';
import { fixHeaderFold } from './header-fold-fix.js';
import { defaultRetry, type KafkaConfig } from './kafka-config.js';
import { growQuietWaits } from './quiet-fetch.js';
import { fixThrottleTimer } from './throttle-timer-fix.js';

const timerFixed = fixThrottleTimer();
const headersFixed = fixHeaderFold();
const quietWaits = growQuietWaits();

/** kafkajs with every setting stated, so that tests, development and production behave alike. */
export function kafkaClient(config: KafkaConfig): Kafka {
  const logger = config.logger ?? silentLogger;
  if (!timerFixed) logger.warn({}, 'kafkajs is not the version that the throttle timer fix was written for; connections may spin');
  if (!headersFixed) logger.warn({}, 'kafkajs is not the version that the header fix was written for; a record with thousands of headers may stop consumers');
  if (!quietWaits) logger.warn({}, 'kafkajs is not the version that the waits of quiet consumers were written for; idle ones take more processor time');
  return new kafkajs.Kafka({
    brokers: [...config.brokers],
    clientId: config.clientId,
    ssl: config.ssl ?? false,
    ...(config.sasl ? { sasl: config.sasl } : {}),
    ...(config.socketFactory ? { socketFactory: config.socketFactory } : {}),
    connectionTimeout: config.connectionTimeout ?? 3_000,
    authenticationTimeout: 10_000,
    reauthenticationThreshold: 10_000,
    requestTimeout: config.requestTimeout ?? 10_000,
    enforceRequestTimeout: true,
    retry: { ...defaultRetry, ...config.retry },
    logLevel: kafkajs.logLevel.INFO,
    logCreator: logsTo(logger),
  });
}

/**
 * kafkajs logs as an error what it will try again itself: that is a warning here, and whoever called
 * it reports what failed in the end.
 */
function logsTo(logger: KafkaLogger): logCreator {
  return () =>
    ({ namespace, level, log }: LogEntry) => {
      const { message, timestamp: _time, logger: _name, ...values } = log;
      const loud = level === kafkajs.logLevel.ERROR || level === kafkajs.logLevel.WARN;
      const write = loud && !isExpected(namespace, message) ? logger.warn : logger.debug;
      write.call(logger, { kafkajs: namespace, ...values }, message);
    };
}

/**
 * Each attempt to connect is said twice by kafkajs, and every new producer is warned of limited
 * retries, which the publisher sets on purpose.
 */
function isExpected(namespace: string, message: string): boolean {
  return namespace === 'Connection' || namespace === 'BrokerPool' || message.startsWith('Limiting retries for the idempotent producer');
}
