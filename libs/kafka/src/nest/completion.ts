import { isObservable, tap } from 'rxjs';
import { HandlerNotCompleted } from '../errors.js';

/**
 * One call of a handler through Nest. It succeeded only when the handler's own method completed and
 * then everything around it did: a filter may turn an error into a value, an interceptor may answer in
 * the method's place or fail after it, and Nest calls all of these a success.
 */
export class Dispatch {
  private method: 'not called' | 'unfinished' | 'failed' | 'completed' = 'not called';
  private pipelineCompleted = false;
  private methodError: unknown = undefined;
  private pipelineError: unknown = undefined;

  /** `isFallback`: the handler's fallback is called in the stead of its method. */
  constructor(readonly isFallback = false) {}

  /** Runs the handler's method; the last call counts, so an interceptor may try again. */
  runMethod(method: () => unknown): unknown {
    this.method = 'unfinished';
    try {
      return this.watched(method());
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  /** Guards, interceptors and pipes have all ended well. */
  readonly pipelineEnded = (): void => {
    this.pipelineCompleted = true;
  };

  readonly pipelineFailed = (error: unknown): void => {
    this.pipelineError = error;
  };

  /** @throws the first cause that is known. `thrown` is what came out of Nest itself. */
  requireCompletion(handler: string, thrown: unknown): void {
    if (this.method === 'completed' && this.pipelineCompleted && thrown === undefined) return;
    const error = this.methodError ?? this.pipelineError ?? thrown;
    if (error instanceof Error) throw error;
    if (error !== undefined) throw new HandlerNotCompleted(handler, `it failed with ${textOf(error)}`, { cause: error });
    throw new HandlerNotCompleted(handler, reasons[this.method]);
  }

  private watched(result: unknown): unknown {
    if (isObservable(result)) return result.pipe(tap({ complete: () => this.completed(), error: (error) => this.failed(error) }));
    if (result instanceof Promise) return this.settled(result);
    this.completed();
    return result;
  }

  private async settled(result: Promise<unknown>): Promise<unknown> {
    try {
      return this.watched(await result);
    } catch (error) {
      this.failed(error);
      throw error;
    }
  }

  private completed(): void {
    this.method = 'completed';
    this.methodError = undefined;
  }

  private failed(error: unknown): void {
    this.method = 'failed';
    this.methodError = error;
  }
}

const reasons = {
  'not called': 'its method was never called: a guard refused, or an interceptor answered in its place',
  unfinished: 'its method was called and not waited for, or its stream was left before the end',
  failed: 'its method failed without saying why',
  completed: 'what stands around it did not end',
};

function textOf(error: unknown): string {
  return typeof error === 'string' ? error : JSON.stringify(error);
}

const inWork = new WeakMap<object, Dispatch>();

/** The call that this context was made for; nothing outside of event handling. */
export function dispatchOf(context: unknown): Dispatch | undefined {
  return typeof context === 'object' && context !== null ? inWork.get(context) : undefined;
}

export async function dispatching(context: object, work: (dispatch: Dispatch) => Promise<void>, isFallback = false): Promise<void> {
  const dispatch = new Dispatch(isFallback);
  inWork.set(context, dispatch);
  try {
    await work(dispatch);
  } finally {
    inWork.delete(context);
  }
}
