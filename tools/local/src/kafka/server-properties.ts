import { type Security } from './security.js';

/** The local node's settings: small, loopback only, and quick where the defaults think of large clusters. */
export interface NodeLayout {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
}

export interface ClusterLayout {
  readonly nodes: readonly NodeLayout[];
  /** SASL_SSL for clients and between brokers; default plain text. */
  readonly security?: Security;
}

export function serverProperties(cluster: ClusterLayout, node: NodeLayout, logDir: string): string {
  const protocol = cluster.security === undefined ? 'PLAINTEXT' : 'SASL_SSL';
  const replicas = Math.min(cluster.nodes.length, 3);
  const settings: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    'controller.quorum.voters': cluster.nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `${protocol}://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `${protocol}://127.0.0.1:${node.port}`,
    'listener.security.protocol.map': `${protocol}:${protocol},CONTROLLER:PLAINTEXT`,
    'inter.broker.listener.name': protocol,
    ...(cluster.security === undefined ? {} : securitySettings(cluster.security)),
    'log.dirs': logDir,
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': Math.max(1, replicas - 1),
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 10,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': Math.max(1, replicas - 1),
    'transaction.state.log.num.partitions': 5,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': Math.max(1, replicas - 1),
    // A group's offsets must not vanish because a laptop stayed closed for a week.
    'offsets.retention.minutes': 5_256_000,
    // Without waiting for more members, and with sessions as short as tests want them.
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    // The default takes 128 MB of a heap that has little more.
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'num.recovery.threads.per.data.dir': 2,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

function securitySettings({ username, password, keystoreFile, keystorePassword, certificateFile }: Security): Record<string, string> {
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule';
  return {
    'sasl.enabled.mechanisms': 'PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `${login} required username="${username}" password="${password}" user_${username}="${password}";`,
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': keystoreFile,
    'ssl.keystore.password': keystorePassword,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificateFile,
  };
}

/** Everything of interest on standard output, which goes to the part's log file. */
export const log4jProperties = `status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d{ISO8601} %p %m (%c{1})%n
rootLogger.level=info
rootLogger.appenderRef.console.ref=console
logger.noisy.name=org.apache.kafka.common.config.AbstractConfig
logger.noisy.level=warn
`;
