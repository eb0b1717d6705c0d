export { type ServiceName, services } from '@lifeos/cli';
