// Messages that are asked for only sometimes: those further up, and the newest again after a long absence.

import { readJson } from "./words.js";
import { blank, fill } from "./desk-message.js";
import { before, place } from "./desk-album.js";

const CHUNK = 50;
const MOST_PAGES = 20;

async function ask(user, query) {
  const parameters = new URLSearchParams({ limit: CHUNK, ...query });
  const url = `/api/users/${user}/operator-chat?${parameters}`;
  const response = await fetch(url).catch(() => null);
  return response?.ok ? readJson(response) : null;
}

/** Puts the messages before `cursor` above what is here. The next cursor, null at the beginning; undefined in trouble. */
export async function showOlder(conversation, { list, scroll, user }, cursor, placeDays) {
  const answer = await ask(user, { before: cursor });
  if (!answer) return undefined;
  // What is being read stays where it is.
  const fromEnd = scroll.scrollHeight - scroll.scrollTop;
  let upper = list.querySelector("[data-id], [data-note]");
  for (const message of answer.messages.toReversed()) {
    const bubble = conversation.find(message.id) ?? blank();
    if (!bubble.isConnected) {
      fill(bubble, message, user);
      place(list, bubble, before(list, upper));
    }
    upper = bubble;
  }
  for (const note of answer.notes ?? []) conversation.addNote(note);
  placeDays();
  scroll.scrollTop = scroll.scrollHeight - fromEnd;
  return answer.nextCursor ?? null;
}

/** Shows the newest messages, and those before them until they meet what is here. */
export async function reload(conversation, list, user) {
  let cursor;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const answer = await ask(user, cursor ? { before: cursor } : {});
    if (!answer) return;
    const met = answer.messages.some(({ id }) => conversation.find(id));
    let last;
    for (const message of answer.messages) last = conversation.upsert(message, undefined, last);
    for (const note of answer.notes ?? []) conversation.addNote(note);
    if (!cursor) {
      removeGone(list, answer.notes ?? []);
      const { botBlocked, bannedReason, assigneeId } = answer.user;
      conversation.setChat({
        status: answer.status,
        botBlocked,
        banned: Boolean(bannedReason),
        assigneeId,
      });
    }
    cursor = answer.nextCursor;
    if (met || !cursor) return;
  }
  // Too long ago: what is here is no longer next to what is new.
  location.reload();
}

// Notes that were removed meanwhile, of the newest stretch.
function removeGone(list, notes) {
  const ids = new Set(notes.map(({ id }) => id));
  const from = notes[0]?.createdAt;
  for (const item of list.querySelectorAll("[data-note]")) {
    if (!ids.has(item.dataset.note) && (!from || item.dataset.at >= from)) item.remove();
  }
}
