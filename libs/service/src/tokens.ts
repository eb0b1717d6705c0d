/** Injection tokens of what every service gets; the parts themselves are plain values without Nest. */
export const DATABASE = Symbol('lifeos.Database');
/** Who allows what: `Consents`. */
export const CONSENTS = Symbol('lifeos.Consents');
/** Gives the providers named in `ServiceDefinition.consentListeners`. */
export const CONSENT_LISTENERS = Symbol('lifeos.ConsentListeners');
export const SERVICE_NAME = Symbol('lifeos.ServiceName');
export const EVENT_LOG = Symbol('lifeos.EventLog');
export const RELAY = Symbol('lifeos.Relay');
export const CLOCK = Symbol('lifeos.Clock');
export const LOGGER = Symbol('lifeos.Logger');
export const METRICS = Symbol('lifeos.Metrics');
/** The checked environment: the common variables and the service's own. */
export const CONFIG = Symbol('lifeos.Config');
