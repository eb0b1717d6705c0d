import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { HandlerDefinition } from '@lifeos/delivery';
import { handlerDefinitions, type FoundHandler } from './handler-definitions.js';
import type { HandlesExtra } from './handles.decorator.js';
import { handlesExtra, kafkaEvents } from './nest-names.js';

/** What feeds the handlers: `KafkaConsumerRunner`. */
export interface EventConsumer {
  /** Resolves also while the broker is away. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface KafkaEventsOptions {
  /** Builds what feeds these handlers; called once, when the service listens and has any. */
  readonly consumer: (handlers: readonly HandlerDefinition[]) => EventConsumer;
}

/**
 * Nest's side of consuming: finds the methods under `@Handles`, gives them to the consumer, starts and
 * stops it with the application. Connect it by `connectKafkaEvents`.
 */
export class KafkaEventsStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = kafkaEvents;
  /** Errors are told by whoever calls the handler; Nest need not log them a second time. */
  override readonly propagatesEventHandlerErrors = true;
  /** Set when the whole of each call is watched; without it a filter could hide a failure. */
  isWatched = false;
  private readonly found: FoundHandler[] = [];
  private consumer: EventConsumer | null = null;

  constructor(private readonly options: KafkaEventsOptions) {
    super();
  }

  /** @throws InvalidHandlers with every fault at once. */
  get handlers(): HandlerDefinition[] {
    return handlerDefinitions(this.found);
  }

  override addHandler(pattern: unknown, callback: MessageHandler, isEventHandler = false, extras: Record<string, HandlesExtra> = {}): void {
    this.found.push({ pattern: this.getPatternAsString(pattern), callback, extra: extras[handlesExtra] });
    super.addHandler(pattern, callback, isEventHandler, extras);
  }

  /** Fails for faults in the handlers, never because the broker is away. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      if (!this.isWatched) throw new Error('KafkaEventsStrategy was not connected by connectKafkaEvents; failures that a filter maps would go unseen');
      const { handlers } = this;
      this.consumer = handlers.length > 0 ? this.options.consumer(handlers) : null;
      await this.consumer?.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    await this.consumer?.stop();
    this.consumer = null;
  }

  on(): never {
    throw new Error('KafkaEventsStrategy has no events of its own; read the state of the consumer');
  }

  unwrap<T = EventConsumer | null>(): T;
  unwrap(): EventConsumer | null {
    return this.consumer;
  }
}
