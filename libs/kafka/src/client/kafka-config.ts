import type { ConnectionOptions } from 'node:tls';
import type { ISocketFactory, SASLOptions } from 'kafkajs';
import type { KafkaLogger } from '../logger.js';

/** Waiting between attempts inside one call: full list, because kafkajs takes other defaults under NODE_ENV=test. */
export interface KafkaRetry {
  /** ms before the second attempt. Default 100. */
  readonly initialRetryTime: number;
  /** ms, upper bound of one wait. Default 2 000. */
  readonly maxRetryTime: number;
  /** Share by which a wait is varied at random. Default 0.2. */
  readonly factor: number;
  /** A wait is this many times the one before. Default 2. */
  readonly multiplier: number;
  /** Attempts after the first. Default 5. */
  readonly retries: number;
}

/** How the brokers are reached. Whatever is left out has the default named beside it. */
export interface KafkaConfig {
  /** `host:port`, at least one. */
  readonly brokers: readonly string[];
  /** Shown in the brokers' logs and quotas; the service's name. */
  readonly clientId: string;
  /** TLS: true for the system's certificate authorities, or Node's options. Default false. */
  readonly ssl?: boolean | ConnectionOptions;
  /** Default none. */
  readonly sasl?: SASLOptions;
  /** ms for a TCP or TLS connection. Default 3 000. */
  readonly connectionTimeout?: number;
  /** ms for an answer, where the request does not ask for longer itself. Default 10 000. */
  readonly requestTimeout?: number;
  readonly retry?: Partial<KafkaRetry>;
  /** Opens the connections, for tunnels and for tests that break them. Default TCP, or TLS with `ssl`. */
  readonly socketFactory?: ISocketFactory;
  /** Where kafkajs's own messages go. Default nowhere. */
  readonly logger?: KafkaLogger;
}

export const defaultRetry: KafkaRetry = { initialRetryTime: 100, maxRetryTime: 2_000, factor: 0.2, multiplier: 2, retries: 5 };
