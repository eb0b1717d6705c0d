// Kept apart from dist/, so that Nx runs what was built: npx tsc -b tools/generators
export { eventVersionGenerator as default } from '../dist/index.js';
