// The server's words and formats, for what scripts say by themselves.

const words = new Map();
for (const id of ["page-words", "words"]) {
  const template = document.getElementById(id);
  for (const entry of template?.content.querySelectorAll("[data-word]") ?? []) {
    words.set(entry.dataset.word, entry.textContent);
  }
}

export const lang = document.body.dataset.lang;

/** The text of a key with `{name}` filled in; undefined when the page does not have it. */
export function word(key, values = {}) {
  return words.get(key)?.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
}

const rubles = new Intl.NumberFormat("ru-RU", { style: "currency", currency: "RUB" });

/** Rubles as `1 500,00 ₽`. */
export function money(amount) {
  return rubles.format(amount).replace("-", "−");
}

/** Bytes as `512 Б`, `12 КБ`, `1,2 МБ`. */
export function size(bytes) {
  if (bytes < 1024) return `${bytes}\u00a0${word("unit-b")}`;
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)}\u00a0${word("unit-kb")}`;
  const tenths = Math.floor((bytes * 10) / (1024 * 1024));
  return `${Math.floor(tenths / 10)},${tenths % 10}\u00a0${word("unit-mb")}`;
}

/** What to say about an answer that is not a success. */
export function problemText(problem, fallback) {
  if (!problem) return fallback;
  return (lang === "ru" && problem.error) || problem.detail || problem.title || fallback;
}

export async function readJson(response) {
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/** A UUID of version 7, like the ids the server makes: sortable by time. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let place = 5; place >= 0; place -= 1) {
    bytes[place] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

/** Speaks into the page's live region. */
export function announce(text) {
  const region = document.querySelector("[data-announce]");
  if (region) region.textContent = text;
}

/** The part of a cloned or rendered piece of markup. */
export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}
