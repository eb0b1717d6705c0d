import { JournalEntryCreated, JournalEntryDeleted, JournalEntryUpdated } from '@lifeos/contracts';
import type { Database, Queryable } from '@lifeos/postgres';
import { Caller, CLOCK, type Clock, Commands, CONFIG, DATABASE, Forbidden, mayActFor, pathId, type Principal, timeZonesOf, valid } from '@lifeos/service';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { monthOf } from '../series/days.js';
import { type EntryChange, revise, wordCount } from './entry.js';
import { deleteEntry, entriesMadeWithin, entriesOf, insertEntry, loadEntry, saveEntry, type StoredEntry } from './entry-store.js';
import { EntryNotFound, TooManyEntries } from './errors.js';
import { entryChangeBody, type EntryFilter, entryFilter, type NewEntry, newEntryBody } from './requests.js';
import { entriesAllowedAMonth, type journalEnvironment } from './tier.js';

const person = z.object({ user_id: pathId });
const oneEntry = z.object({ entry_id: pathId });

type EntryPath = z.infer<typeof oneEntry>;

@Controller('journal/entries')
export class EntryController {
  private readonly allowed: number;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) config: z.infer<typeof journalEnvironment>,
    private readonly commands: Commands,
  ) {
    this.allowed = entriesAllowedAMonth(config.JOURNAL_TIER);
  }

  /** R-17, J-2: newest first, by type and tag when asked. */
  @Get(':user_id')
  async list(@Param(valid(person)) { user_id }: z.infer<typeof person>, @Query(valid(entryFilter)) wanted: EntryFilter): Promise<{ entries: StoredEntry[] }> {
    return { entries: await entriesOf(this.database, user_id, wanted) };
  }

  /** publishes E-24. */
  @Post()
  async create(@Body(valid(newEntryBody)) wish: NewEntry): Promise<StoredEntry> {
    const { user_id, entry_type, title, content, mood, tags } = wish;
    const at = this.clock.now();
    const id = await this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      await this.requireRoom(tx, user_id, at);
      const entry_id = await insertEntry(tx, wish, at);
      raise(JournalEntryCreated, { user_id, entry_id, entry_type, title, word_count: wordCount(content), mood_rating: mood, tags }, at);
      return entry_id;
    });
    return existing(this.database, id);
  }

  /** publishes E-25, unless nothing differs. */
  @Put(':entry_id')
  async change(@Param(valid(oneEntry)) { entry_id }: EntryPath, @Body(valid(entryChangeBody)) change: EntryChange, @Caller() caller: Principal): Promise<StoredEntry> {
    const { user_id } = await this.own(entry_id, caller);
    const at = this.clock.now();
    await this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      const revision = revise(await existing(tx, entry_id), change);
      if (!revision) return;
      await saveEntry(tx, entry_id, revision.after, at);
      raise(JournalEntryUpdated, { user_id, entry_id, updated_fields: revision.updatedFields, update_timestamp: at }, at);
    });
    return existing(this.database, entry_id);
  }

  /** publishes X-E-7. */
  @Delete(':entry_id')
  @HttpCode(204)
  async remove(@Param(valid(oneEntry)) { entry_id }: EntryPath, @Caller() caller: Principal): Promise<void> {
    const { user_id } = await this.own(entry_id, caller);
    const at = this.clock.now();
    await this.commands.execute({ keys: [user_id] }, async (tx, raise) => {
      await existing(tx, entry_id);
      await deleteEntry(tx, entry_id, at);
      raise(JournalEntryDeleted, { user_id, entry_id }, at);
    });
  }

  /** J-2: months are those of the person's own calendar. */
  private async requireRoom(tx: Queryable, userId: number, at: Date): Promise<void> {
    if (!Number.isFinite(this.allowed)) return;
    const { from, to } = monthOf(at, (await timeZonesOf(tx, [userId])).get(userId) ?? 'UTC');
    if ((await entriesMadeWithin(tx, userId, from, to)) >= this.allowed) throw new TooManyEntries(this.allowed);
  }

  private async own(entryId: number, caller: Principal): Promise<StoredEntry> {
    const entry = await existing(this.database, entryId);
    if (!mayActFor(caller, entry.user_id)) throw new Forbidden(`Entry ${entryId} belongs to another user.`);
    return entry;
  }
}

async function existing(db: Queryable, entryId: number): Promise<StoredEntry> {
  const entry = await loadEntry(db, entryId);
  if (!entry) throw new EntryNotFound(entryId);
  return entry;
}
