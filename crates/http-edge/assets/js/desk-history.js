// What a message said before it was changed: loaded when somebody looks.

import { part, readJson, word } from "./words.js";
import { writeTime } from "./times.js";
import { rich } from "./desk-rich.js";

/** What a message said before it was changed; asked for once. */
export async function showHistory(bubble, user) {
  const list = part(bubble, "history");
  if (list.children.length || list.dataset.asked) {
    list.hidden = !list.children.length;
    return;
  }
  list.dataset.asked = "yes";
  const url = `/api/users/${user}/operator-chat/${bubble.dataset.id}`;
  const response = await fetch(url).catch(() => null);
  const answer = response?.ok ? await readJson(response) : null;
  delete list.dataset.asked;
  for (const { messageText, segments, until } of answer?.history ?? []) {
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.dataset.time = "date";
    writeTime(time, until);
    const text = document.createElement("span");
    rich(text, messageText, segments);
    item.append(`${word("message-before")} `, text, " ", time);
    list.append(item);
  }
  list.hidden = !list.children.length;
}
