/** `npm start`: see `npm start -- --help`. */
import { parseArgs } from 'node:util';
import { prepare, stopWithNpm } from './prepare.mjs';

const help = `npm start [-- <flags>]

Starts everything on this machine: PostgreSQL, Kafka, the schema registry and the services; tells a story of
events flowing through them, two weeks in a person's life; stays up until Ctrl-C. Nothing needs to be installed but Node.

  --once       stop again after the story
  --no-story   leave the story out
  --short      end the story after its first day
  --reset      empty all local data first
  --help       this text

Parts of your own are used instead of local ones when these are set:
  KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL_<SERVICE> (such as DATABASE_URL_QUESTS)
Data and logs are kept in .local; .local/run.json says what runs where.`;

const flags = readFlags();
if (flags.help) {
  console.log(help);
} else {
  prepare();
  stopWithNpm();
  const { launch } = await import('./launcher/dist/main.js');
  process.exit(await launch({ once: flags.once, story: storyOf(flags), reset: flags.reset }));
}

function storyOf({ 'no-story': none, short }) {
  if (none) return 'none';
  return short ? 'short' : 'whole';
}

function readFlags() {
  const flag = { type: 'boolean', default: false };
  try {
    return parseArgs({ options: { once: flag, 'no-story': flag, short: flag, reset: flag, help: { ...flag, short: 'h' } } }).values;
  } catch (error) {
    console.error(`${error.message.split('. ')[0]}. Known flags: --once, --no-story, --short, --reset, --help.`);
    process.exit(1);
  }
}
