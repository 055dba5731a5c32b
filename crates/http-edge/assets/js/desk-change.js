// Another text for a reply that Telegram has.

import { problemText, readJson, word } from "./words.js";

const path = (user, id) => `/api/users/${user}/operator-chat/${id}`;

/** What was typed for it, signs and all; nothing when it cannot be had. */
export async function typedText(user, id) {
  const response = await fetch(path(user, id)).catch(() => null);
  return response?.ok ? (await readJson(response))?.typedText : undefined;
}

/** Asks for the change; what is wrong, in words, if something is. */
export async function change(user, id, messageText) {
  const response = await fetch(path(user, id), {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messageText }),
  }).catch(() => null);
  if (response?.ok) return "";
  return problemText(response && (await readJson(response)), word("action-failed"));
}
