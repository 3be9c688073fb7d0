/** Numbers of 38 digits, kept exactly: as text where they are stored, as digits and exponent where they are compared. */

export interface Decimal {
  readonly negative: boolean;
  /** Without zeros at either end; empty for zero. */
  readonly digits: string;
  /** Of ten, for the last digit. */
  readonly exponent: number;
}

export type NumberProblem = 'not-a-number' | 'overflow' | 'underflow' | 'too-many-digits';

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const MOST_DIGITS = 38;
const LARGEST_MAGNITUDE = 125;
const SMALLEST_MAGNITUDE = -130;
/** Nothing that fits needs more; a longer text is not read at all. */
const LONGEST_TEXT = 1000;

const ZERO: Decimal = { negative: false, digits: '', exponent: 0 };

export function readNumber(text: string): Decimal | NumberProblem {
  const parts = text.length > LONGEST_TEXT ? null : FORM.exec(text);
  if (!parts) return 'not-a-number';
  const [, sign, whole = '', fraction = '', power = '0'] = parts;
  if (whole === '' && fraction === '') return 'not-a-number';
  return fit(normal(sign === '-', whole + fraction, Number(power) - fraction.length));
}

/** Of a text that was read before. */
export function decimal(text: string): Decimal {
  const read = readNumber(text);
  if (typeof read === 'string') throw new Error(`a stored number is ${read}`);
  return read;
}

function normal(negative: boolean, all: string, exponent: number): Decimal {
  const leading = all.replace(/^0+/, '');
  let end = leading.length;
  while (end > 0 && leading[end - 1] === '0') end -= 1;
  if (end === 0) return ZERO;
  return { negative, digits: leading.slice(0, end), exponent: exponent + leading.length - end };
}

function fit(value: Decimal): Decimal | NumberProblem {
  if (value.digits === '') return value;
  const magnitude = magnitudeOf(value);
  if (magnitude > LARGEST_MAGNITUDE) return 'overflow';
  if (magnitude < SMALLEST_MAGNITUDE) return 'underflow';
  return value.digits.length > MOST_DIGITS ? 'too-many-digits' : value;
}

/** The exponent in scientific notation. */
function magnitudeOf({ digits, exponent }: Decimal): number {
  return exponent + digits.length - 1;
}

/** Without an exponent: one number has one text. */
export function numberText({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent >= 0) return sign + digits + '0'.repeat(exponent);
  const whole = digits.length + exponent;
  if (whole > 0) return `${sign}${digits.slice(0, whole)}.${digits.slice(whole)}`;
  return `${sign}0.${'0'.repeat(-whole)}${digits}`;
}

export function addNumbers(left: Decimal, right: Decimal): Decimal | NumberProblem {
  const exponent = Math.min(left.exponent, right.exponent);
  const sum = scaled(left, exponent) + scaled(right, exponent);
  return fit(normal(sum < 0n, (sum < 0n ? -sum : sum).toString(), exponent));
}

export function negated(value: Decimal): Decimal {
  return value.digits === '' ? value : { ...value, negative: !value.negative };
}

function scaled({ negative, digits, exponent }: Decimal, to: number): bigint {
  if (digits === '') return 0n;
  const size = BigInt(digits + '0'.repeat(exponent - to));
  return negative ? -size : size;
}

export function compareNumbers(left: Decimal, right: Decimal): number {
  return Buffer.compare(numberBytes(left), numberBytes(right));
}

const NEGATIVE = 0;
const NOTHING = 1;
const POSITIVE = 2;
const EXPONENT_BIAS = 0x80_00;

/**
 * Bytes that sort as the numbers do: sign, magnitude, digits, each a byte above zero, and a zero as their end. Of a negative
 * number everything after the sign is turned around.
 */
export function numberBytes(value: Decimal): Buffer {
  const { negative, digits } = value;
  if (digits === '') return Buffer.from([NOTHING]);
  const bytes = Buffer.alloc(digits.length + 4);
  bytes[0] = negative ? NEGATIVE : POSITIVE;
  bytes.writeUInt16BE(magnitudeOf(value) + EXPONENT_BIAS, 1);
  for (let index = 0; index < digits.length; index += 1) bytes[index + 3] = digits.charCodeAt(index) - 47;
  if (negative) for (let index = 1; index < bytes.length; index += 1) bytes[index] = 255 - bytes[index]!;
  return bytes;
}
