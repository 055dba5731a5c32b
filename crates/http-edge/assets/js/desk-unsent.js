// Replies that the server has not taken yet, beside the tab that they were written in: it may go at any moment. Files
// cannot be kept.

const key = (user, id) => `unsent-${user}-${id}`;

/** Keeps a reply until it is dropped. */
export function keep(user, { files, ...reply }) {
  if (files.length) return;
  localStorage.setItem(key(user, reply.clientMessageId), JSON.stringify(reply));
}

/** The server has it, or the field has it again. */
export function drop(user, { clientMessageId }) {
  localStorage.removeItem(key(user, clientMessageId));
}

/** What another tab, or this one before it was loaded anew, has left. */
export function left(user) {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(key(user, "")));
  return names.map((name) => ({ ...JSON.parse(localStorage.getItem(name)), files: [] }));
}
