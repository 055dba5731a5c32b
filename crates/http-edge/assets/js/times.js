// Times in the reader's own zone, kept fresh: `<time datetime data-time="…">`.

import { lang, word } from "./words.js";

const locale = lang === "ru" ? "ru-RU" : "en-GB";
const ago = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
const dayMonth = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" });
const two = (number) => String(number).padStart(2, "0");
const clock = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;
const seconds = (at) => `${clock(at)}:${two(at.getSeconds())}`;
const sameDay = (a, b) => a.toDateString() === b.toDateString();

const STEPS = [
  [3600, "minute", 60],
  [86400, "hour", 3600],
  [2592000, "day", 86400],
  [31536000, "month", 2592000],
  [Infinity, "year", 31536000],
];

function relative(at) {
  const difference = Math.trunc((at - Date.now()) / 1000);
  const size = Math.abs(difference);
  if (size < 45) return word("time-now");
  const [, unit, length] = STEPS.find(([limit]) => size < limit);
  const count = Math.max(1, Math.floor(size / length));
  return ago.format(difference < 0 ? -count : count, unit);
}

function waiting(at) {
  const size = Math.max(0, (Date.now() - at) / 1000);
  const [, unit, length] = STEPS.find(([limit]) => size < limit) ?? STEPS[0];
  const days = unit === "month" || unit === "year";
  const count = Math.max(1, Math.floor(size / (days ? 86400 : length)));
  return word(`time-short-${days ? "day" : unit}s`, { n: count });
}

export function day(at) {
  const now = new Date();
  if (sameDay(at, now)) return word("time-today");
  if (sameDay(at, new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) {
    return word("time-yesterday");
  }
  const year = at.getFullYear() === now.getFullYear() ? "" : ` ${at.getFullYear()}`;
  return dayMonth.format(at) + year;
}

function brief(at) {
  const now = new Date();
  if (sameDay(at, now)) return clock(at);
  const date = `${two(at.getDate())}.${two(at.getMonth() + 1)}`;
  return at.getFullYear() === now.getFullYear() ? date : `${date}.${two(at.getFullYear() % 100)}`;
}

const date = (at) => `${dayMonth.format(at)} ${at.getFullYear()}, ${clock(at)}`;

function exact(at) {
  const offset = -at.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  const size = Math.abs(offset);
  const zone = `UTC${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  return `${dayMonth.format(at)} ${at.getFullYear()}, ${seconds(at)} ${zone}`;
}

const SHAPES = { relative, waiting, day, brief, clock, seconds, date };

/** Writes one time; `at` is anything `Date` takes. */
export function writeTime(element, at) {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return;
  element.dateTime = time.toISOString();
  const text = SHAPES[element.dataset.time](time);
  if (element.textContent !== text) element.textContent = text;
  element.title = exact(time);
}

export function refreshTimes(root = document) {
  for (const element of root.querySelectorAll("time[data-time][datetime]")) {
    writeTime(element, element.dateTime);
  }
}

export { clock };
