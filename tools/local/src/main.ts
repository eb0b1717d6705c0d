export { launch, type LaunchOptions } from './launcher/launch.js';
