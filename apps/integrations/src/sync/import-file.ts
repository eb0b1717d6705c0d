import type { Readable } from 'node:stream';
import { LOGGER, type Logger } from '@lifeos/service';
import { Inject, Injectable, PayloadTooLargeException } from '@nestjs/common';
import { type FileFormat, FileUnreadable } from '../files/file-format.js';
import { PointSpool } from '../files/point-spool.js';
import { FileRefused, NoFiles, UploadEnded } from '../integration/errors.js';
import type { StoredIntegration } from '../integration/integration-store.js';
import type { DataType } from '../points/metrics.js';
import { Sources } from '../source/sources.js';
import { type BadRow, ImportTally } from './import-tally.js';
import { type Run, Runs } from './runs.js';
import { SyncRecords } from './sync-records.js';
import { aboutRun, answerOf, type SyncAnswer } from './sync-runner.js';

export const mostBytes = 200 * 1024 * 1024;
/** Points in one transaction: few enough that it stays short, as open ones hold back every relay of the server. */
const pointsATransaction = 10_000;
const leaseMs = 120_000;
/** Between two words on how far it has come. */
const progressBytes = 25 * 1024 * 1024;

export interface ImportAnswer extends SyncAnswer {
  /** The first hundred; `points_refused` counts all. */
  readonly bad_rows: readonly BadRow[];
}

/**
 * takes the points out of a file as it comes in. First all of it is read, its points laid aside on
 * disk: of a file that turns out to be broken nothing is taken. Then they are stored, portion by portion;
 * what a crash interrupts, the same file again makes whole, since each point is taken once.
 */
@Injectable()
export class ImportFile {
  constructor(
    private readonly runs: Runs,
    private readonly records: SyncRecords,
    private readonly sources: Sources,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws NoFiles, FileRefused, UploadEnded, PayloadTooLargeException; refusals of `Runs.begin`. */
  async import(integration: StoredIntegration, file: Readable): Promise<ImportAnswer> {
    const format = this.sources.format(integration.service_name);
    if (!format) throw new NoFiles(integration.service_name);
    const beginning = await this.runs.begin(integration, { trigger: 'file', leaseMs });
    if (beginning.kind !== 'begun') throw new Error(`A file import began as ${beginning.kind}.`);
    const { run } = beginning;
    const spool = await PointSpool.create();
    try {
      const tally = new ImportTally(run.startedAt);
      await this.read(run, { format, file, spool, tally });
      if (tally.good === 0 && tally.received > 0) throw new FileUnreadable(tally.badRows[0]?.line ?? 1, `none of the ${tally.received} rows could be used`);
      return await this.store(run, spool, tally);
    } catch (error) {
      if (error instanceof FileUnreadable) throw await this.refused(run, error, format);
      await this.runs.release(run);
      throw error;
    } finally {
      await spool.close();
    }
  }

  private async read(run: Run, { format, file, spool, tally }: { format: FileFormat; file: Readable; spool: PointSpool; tally: ImportTally }): Promise<void> {
    const progress = { bytes: 0, told: 0 };
    for await (const rows of format.read(counted(file, progress))) {
      await spool.add(tally.take(rows));
      if (progress.bytes - progress.told < progressBytes) continue;
      progress.told = progress.bytes;
      this.logger.info({ ...aboutRun(run), bytes: progress.bytes, points: tally.good, bad_rows: tally.bad }, 'Reading a file.');
      await this.runs.extend(run, leaseMs);
    }
  }

  private async store(run: Run, spool: PointSpool, tally: ImportTally): Promise<ImportAnswer> {
    const { good, received, quality } = tally;
    const ofTypes = tally.qualityByType();
    const untold = tally.refusedTypes();
    let taken = 0;
    let completedQuestIds: readonly number[] = [];
    for await (const { points, isLast } of spool.lists(pointsATransaction)) {
      const end = isLast ? { received, refused: tally.bad, quality, fetched: null, resealed: null } : null;
      const stored = await this.records.store(run, { points, quality: ofTypes, alsoTell: isLast ? untold : new Set<DataType>(), end });
      for (const type of stored.told) untold.delete(type);
      taken += stored.taken;
      completedQuestIds = stored.completedQuestIds;
      if (!isLast) await this.runs.extend(run, leaseMs);
    }
    this.logger.info({ ...aboutRun(run), received, taken, refused: tally.bad }, 'Took a file in.');
    return { ...answerOf(run, { received, good, taken, quality, completedQuestIds }), bad_rows: tally.badRows };
  }

  private async refused(run: Run, { line, reason }: FileUnreadable, { expects }: FileFormat): Promise<FileRefused> {
    const message = `The file cannot be used from line ${line} on: ${reason}.`;
    this.logger.warn({ ...aboutRun(run), line, reason }, 'A file cannot be used.');
    await this.records.fail(run, { code: 'VALIDATION_ERROR', message });
    return new FileRefused(`${message} Expected is ${expects}. Nothing was taken.`, { sync_job_id: run.jobId, bad_rows: [{ line, reason }] });
  }
}

/**
 * The file's bytes. The request is not destroyed when reading ends early, else the answer would not
 * reach its sender; what is left of it runs off.
 */
async function* counted(file: Readable, progress: { bytes: number }): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of file.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      progress.bytes += chunk.byteLength;
      if (progress.bytes > mostBytes) throw new PayloadTooLargeException(`The file is larger than ${mostBytes} bytes.`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof PayloadTooLargeException) throw error;
    throw new UploadEnded({ cause: error });
  } finally {
    file.resume();
  }
}
