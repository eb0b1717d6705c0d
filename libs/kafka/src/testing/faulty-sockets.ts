import { connect, type Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

const produceRequest = 0;

/** Connections whose answers to produce requests can be lost after the broker has written the records. */
export class FaultySockets {
  /** So many answers to come are lost, each with its connection. */
  loseAnswers = 0;
  readonly lost: string[] = [];

  readonly factory: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port }, onConnect);
    const write = socket.write.bind(socket);
    socket.write = (data: string | Uint8Array, ...rest: never[]): boolean => {
      if (Buffer.isBuffer(data) && data.readInt16BE(4) === produceRequest && this.loseAnswers > 0) this.loseNextAnswer(socket);
      return write(data, ...rest);
    };
    return socket;
  };

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
