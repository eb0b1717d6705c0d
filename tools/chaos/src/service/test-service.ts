/** A service process from within. */
export interface TestService {
  start(): Promise<void>;
  /** No more commands; what is under way ends. */
  quiet(): Promise<void>;
  /** As a service stops at SIGTERM. */
  stop(): Promise<void>;
}
