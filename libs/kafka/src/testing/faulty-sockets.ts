import { connect, type Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

const produceRequest = 0;

/** Connections whose answers can be lost: those to produce requests, after the broker has written the records, or all from now on. */
export class FaultySockets {
  /** So many answers to come are lost, each with its connection. */
  loseAnswers = 0;
  readonly lost: string[] = [];
  private readonly open = new Set<Socket>();

  readonly factory: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port }, onConnect);
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    const write = socket.write.bind(socket);
    socket.write = (data: string | Uint8Array, ...rest: never[]): boolean => {
      if (Buffer.isBuffer(data) && data.readInt16BE(4) === produceRequest && this.loseAnswers > 0) this.loseNextAnswer(socket);
      return write(data, ...rest);
    };
    return socket;
  };

  /** What is open now stays open and hears nothing any more, as when a router forgets a connection. Returns how many those are. */
  silence(): number {
    for (const socket of this.open) {
      const emit = socket.emit.bind(socket);
      socket.emit = (event: string | symbol, ...args: unknown[]): boolean => event === 'data' || emit(event, ...args);
    }
    return this.open.size;
  }

  private loseNextAnswer(socket: Socket): void {
    this.loseAnswers -= 1;
    const emit = socket.emit.bind(socket);
    socket.emit = (event: string | symbol, ...args: unknown[]): boolean => {
      if (event !== 'data') return emit(event, ...args);
      this.lost.push(`${socket.remotePort}`);
      socket.destroy(new Error('ECONNRESET'));
      return true;
    };
  }
}
