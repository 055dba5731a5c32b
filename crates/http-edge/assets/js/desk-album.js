// What came together is one bubble: an album is a grid of what its messages hold, with their words below it.

import { part } from "./words.js";
import { nameFiles } from "./desk-message.js";

const ITEMS = "[data-id], [data-note]";
const dayOf = ({ dataset }) => new Date(dataset.at).toDateString();

const itemsOf = (list) => Array.from(list.querySelectorAll(ITEMS));

/** What comes live goes behind this: the order is the log's, whatever clocks say. Only what was shown early is still to come. */
export const newest = (list) =>
  itemsOf(list).findLast(({ dataset }) => !dataset.id?.startsWith("local-")) ?? null;

/** What goes before `item` goes behind this. */
export function before(list, item) {
  const items = itemsOf(list);
  return items[items.indexOf(item) - 1] ?? null;
}

/** `message`, or the last of its notes that are older than `item`. */
export function behind(list, message, item) {
  const items = itemsOf(list);
  let last = message;
  for (const next of items.slice(items.indexOf(message) + 1)) {
    if (!next.dataset.note || Date.parse(next.dataset.at) > Date.parse(item.dataset.at)) break;
    last = next;
  }
  return last;
}

/**
 * Puts a message or a note behind another, first when that is null, and where its time says without one; one of an
 * album, to the others.
 */
export function place(list, item, other) {
  const at = Date.parse(item.dataset.at);
  const items = itemsOf(list);
  const index =
    other === undefined
      ? items.findLastIndex(({ dataset }) => Date.parse(dataset.at) <= at)
      : items.indexOf(other);
  const [before, after] = [items[index], items[index + 1]];
  const { album } = item.dataset;
  const isOther = (other) => other && other.dataset.album === album && dayOf(other) === dayOf(item);
  if (album && isOther(before)) join(before, () => before.after(item));
  else if (album && isOther(after)) join(after, () => after.before(item));
  else {
    const [upper, lower] = [before, after].map((it) => it?.closest(".album") ?? it);
    // An album is not torn apart.
    if (upper && upper === lower) upper.after(item);
    else list.insertBefore(item, lower ?? null);
  }
}

function join(message, put) {
  let album = message.closest(".album");
  if (!album) {
    album = document.createElement("li");
    album.className = `album ${message.classList.contains("out") ? "out" : "in"}`;
    album.dataset.at = message.dataset.at;
    const bubble = document.createElement("ol");
    bubble.className = "bubble";
    message.replaceWith(album);
    album.append(bubble);
    bubble.append(message);
  }
  put();
  const messages = Array.from(album.firstElementChild.children);
  album.dataset.at = messages[0].dataset.at;
  for (const one of messages) {
    // A message of an album has no box of its own to be scrolled to.
    one.removeAttribute("id");
    part(one, "files").id = `m${one.dataset.id}`;
    nameFiles(one);
  }
}
