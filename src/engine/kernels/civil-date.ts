/**
 * Parts of the UTC date of a time in seconds since the epoch, by integer arithmetic on numbers (no Date objects, no
 * bounds on the year). Fractions are cut off towards zero, as Go converts; what fits no int64 counts as 2^63.
 */
const DAY = 86400;
const OUT_OF_RANGE = 2 ** 63;

/** Days from 1 March of year 0 to the epoch, and in each part of the 400-year cycle of leap years. */
const DAYS_TO_EPOCH = 719468;
const DAYS_IN_ERA = 146097;

/** Days from 1 March to the next 1 January. */
const DAYS_TO_JANUARY = 306;

function wholeSeconds(time: number): number {
  return time >= -OUT_OF_RANGE && time < OUT_OF_RANGE ? Math.trunc(time) : OUT_OF_RANGE;
}

/** Remainder with the sign of the divisor; exact, which `a - floor(a / b) * b` is not for large `a`. */
function modulo(a: number, b: number): number {
  const remainder = a % b;
  return remainder < 0 ? remainder + b : remainder + 0;
}

/** Seconds below this, divided by those of a day, are never rounded up to a whole number. */
const EXACT_QUOTIENTS = 2 ** 45;

function dayNumber(time: number): number {
  const seconds = wholeSeconds(time);
  // The remainder of floats is a call, several times slower than a quotient.
  if (Math.abs(seconds) < EXACT_QUOTIENTS) return Math.floor(seconds / DAY);
  return (seconds - modulo(seconds, DAY)) / DAY;
}

export function minuteOf(time: number): number {
  return Math.floor(modulo(wholeSeconds(time), 3600) / 60);
}

export function hourOf(time: number): number {
  return Math.floor(modulo(wholeSeconds(time), DAY) / 3600);
}

/** 0 is Sunday; the epoch was a Thursday. */
export function dayOfWeek(time: number): number {
  return modulo(dayNumber(time) + 4, 7);
}

/** Day of the 400-year cycle that began on 1 March of a year divisible by 400, from 0. A small integer from here on. */
function dayOfEraAt(time: number): number {
  return modulo(dayNumber(time) + DAYS_TO_EPOCH, DAYS_IN_ERA) | 0;
}

/** Years since the cycle began, where each begins on 1 March. */
function yearOfEraAt(dayOfEra: number): number {
  const leapDays = ((dayOfEra / 1460) | 0) - ((dayOfEra / 36524) | 0) + ((dayOfEra / (DAYS_IN_ERA - 1)) | 0);
  return ((dayOfEra - leapDays) / 365) | 0;
}

/** Day since 1 March, from 0: with the year's end in February, leap days disturb nothing (after Howard Hinnant). */
function dayOfMarchYear(dayOfEra: number, yearOfEra: number): number {
  return dayOfEra - (365 * yearOfEra + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0));
}

function dayOfMarchYearAt(time: number): number {
  const dayOfEra = dayOfEraAt(time);
  return dayOfMarchYear(dayOfEra, yearOfEraAt(dayOfEra));
}

export function dayOfMonth(time: number): number {
  const day = dayOfMarchYearAt(time);
  const month = Math.floor((5 * day + 2) / 153);
  return day - Math.floor((153 * month + 2) / 5) + 1;
}

/** 1 is January. */
export function monthOf(time: number): number {
  const month = Math.floor((5 * dayOfMarchYearAt(time) + 2) / 153);
  return month < 10 ? month + 3 : month - 9;
}

export function yearOf(time: number): number {
  const dayOfEra = dayOfEraAt(time);
  const yearOfEra = yearOfEraAt(dayOfEra);
  const era = (dayNumber(time) + DAYS_TO_EPOCH - dayOfEra) / DAYS_IN_ERA;
  const isInNextYear = dayOfMarchYear(dayOfEra, yearOfEra) >= DAYS_TO_JANUARY;
  return era * 400 + yearOfEra + (isInNextYear ? 1 : 0);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** 1 is the first of January. */
export function dayOfYear(time: number): number {
  const dayOfEra = dayOfEraAt(time);
  const yearOfEra = yearOfEraAt(dayOfEra);
  const day = dayOfMarchYear(dayOfEra, yearOfEra);
  if (day >= DAYS_TO_JANUARY) return day - DAYS_TO_JANUARY + 1;
  // The cycle repeats every 400 years, and so do leap years.
  return day + 60 + (isLeapYear(yearOfEra) ? 1 : 0);
}

export function daysInMonth(time: number): number {
  const month = monthOf(time);
  if (month === 2) return isLeapYear(yearOf(time)) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
