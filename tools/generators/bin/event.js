// Kept apart from dist/, so that Nx runs what was built: npx tsc -b tools/generators
export { eventGenerator as default } from '../dist/index.js';
