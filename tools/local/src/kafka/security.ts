import { execFile } from 'node:child_process';
import { access, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { LocalError, messageOf } from '../errors.js';

const run = promisify(execFile);

/** Who may talk to a broker that listens by SASL_SSL (mechanism PLAIN). */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What a broker needs to listen by SASL_SSL. */
export interface Security extends Credentials {
  readonly keystoreFile: string;
  readonly keystorePassword: string;
  /** PEM of the broker's own certificate, which clients trust (KAFKA_SSL_CA_FILE). */
  readonly certificateFile: string;
}

const keystorePassword = 'local-keystore';

/** Makes a certificate for 127.0.0.1 by the Java that runs the broker; one of an earlier start is used again. */
export async function securityIn(folder: string, java: string, credentials: Credentials): Promise<Security> {
  const keystoreFile = join(folder, 'broker.p12');
  const certificateFile = join(folder, 'broker.pem');
  const made = await access(certificateFile).then(() => true, () => false);
  if (!made) {
    await mkdir(folder, { recursive: true });
    const common = ['-alias', 'broker', '-keystore', keystoreFile, '-storetype', 'PKCS12', '-storepass', keystorePassword];
    const subject = ['-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1', '-validity', '3650'];
    await keytool(java, ['-genkeypair', '-keyalg', 'RSA', '-keysize', '2048', ...subject, ...common]);
    await keytool(java, ['-exportcert', '-rfc', '-file', certificateFile, ...common]);
  }
  return { ...credentials, keystoreFile, keystorePassword, certificateFile };
}

export const certificateOf = ({ certificateFile }: Security): Promise<string> => readFile(certificateFile, 'utf8');

/** Beside `java`, or on PATH like it. */
async function keytool(java: string, args: readonly string[]): Promise<void> {
  const path = dirname(java) === '.' ? 'keytool' : join(dirname(java), 'keytool');
  await run(path, args).catch((error: unknown) => {
    throw new LocalError('PART_FAILED', `No certificate could be made for Kafka: ${messageOf(error)}`, false, { cause: error });
  });
}
