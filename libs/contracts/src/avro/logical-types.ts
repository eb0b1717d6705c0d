import avro, { type Schema, type Type } from 'avsc';
import { decimalFromBytes, decimalToBytes } from './decimal.js';
import { calendarDate, daysOf } from './calendar-date.js';
import { smallestLong } from './long-range.js';

/** A value that is passed on as it is when writer and reader agree on the logical type. */
const asItIs = (value: unknown): unknown => value;

abstract class Logical extends avro.types.LogicalType {
  /** A writer that has the bare type only (an older tool) is read as if it had the logical one. */
  protected override _resolve(writer: Type): ((value: never) => unknown) | undefined {
    if (writer.typeName === this.typeName) return asItIs;
    if (writer.typeName === this.underlyingType.typeName) return (value) => this._fromValue(value);
    return undefined;
  }
}

class TimestampMillis extends Logical {
  protected override _fromValue(millis: number): Date {
    return new Date(millis);
  }
  protected override _toValue(value: unknown): number | undefined {
    return value instanceof Date && value.getTime() >= smallestLong ? value.getTime() : undefined;
  }
}

class CalendarDate extends Logical {
  protected override _fromValue(days: number): string {
    return calendarDate(days);
  }
  protected override _toValue(value: unknown): number | undefined {
    return typeof value === 'string' ? daysOf(value) : undefined;
  }
}

class Decimal extends Logical {
  private readonly scale: number;
  constructor(schema: Schema, options?: object) {
    super(schema, options);
    this.scale = scaleOf(schema);
  }
  protected override _fromValue(bytes: Buffer): number {
    return decimalFromBytes(bytes, this.scale);
  }
  protected override _toValue(value: unknown): Buffer | undefined {
    return typeof value === 'number' ? decimalToBytes(value, this.scale) : undefined;
  }
  protected override _export(schema: Schema): void {
    Object.assign(schema, { scale: this.scale });
  }
}

function scaleOf(schema: Schema): number {
  const scale: unknown = typeof schema === 'object' && 'scale' in schema ? schema.scale : 0;
  if (typeof scale !== 'number' || !Number.isInteger(scale) || scale < 0) throw new RangeError(`a decimal of scale ${String(scale)} cannot be read`);
  return scale;
}

/** Begin of a personal string that was encrypted with its person's key; a JSON text never begins so. */
const encrypted = 'enc:';

/** A JSON object as text. An encrypted one stays the text that it is, whoever has the key opens it. */
class JsonText extends Logical {
  protected override _fromValue(text: string): unknown {
    return text.startsWith(encrypted) ? text : (JSON.parse(text) as unknown);
  }
  protected override _toValue(value: unknown): string | undefined {
    if (typeof value === 'string' && value.startsWith(encrypted)) return value;
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined;
  }
}

/** The logical types of the contracts, under their Avro names. */
export const logicalTypes = {
  'timestamp-millis': TimestampMillis,
  date: CalendarDate,
  decimal: Decimal,
  json: JsonText,
};
