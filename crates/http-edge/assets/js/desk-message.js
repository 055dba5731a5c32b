// Bubbles: the server's markup, cloned and filled. Nothing people wrote is ever parsed as markup.

import { part, word } from "./words.js";
import { writeTime } from "./times.js";
import { kindText } from "./desk-list.js";

// As the server scales pictures, so that nothing jumps when one arrives.
const WIDEST = 420;
const TALLEST = 340;

const ICONS = {
  queued: "clock",
  sending: "send-horizontal",
  sent: "check",
  failed: "circle-alert",
  unknown: "circle-help",
};

function put(bubble, name, text) {
  const element = part(bubble, name);
  element.textContent = text ?? "";
  element.hidden = !text;
  return element;
}

/** An empty bubble. */
export function blank() {
  return document.getElementById("message").content.firstElementChild.cloneNode(true);
}

/** Writes a message of the API into a bubble of the person `user`. */
export function fill(bubble, message, user) {
  const { id, direction, messageType, messageText, replyTo } = message;
  bubble.dataset.id = id;
  bubble.id = `m${id}`;
  if (message.clientMessageId) bubble.dataset.clientId = message.clientMessageId;
  bubble.dataset.at = message.createdAt;
  bubble.classList.remove("in", "out");
  bubble.classList.add(direction);
  writeTime(part(bubble, "time"), message.createdAt);
  put(bubble, "text", messageText);
  put(bubble, "kind", messageType === "text" && messageText ? "" : kindText(messageType));
  put(bubble, "author", message.author);
  part(bubble, "edited").hidden = !message.editedAt;
  part(bubble, "unverified").hidden = message.verified !== false;
  quote(bubble, replyTo);
  attach(bubble, message.attachments ?? (message.attachment ? [message.attachment] : []));
  part(bubble, "retry").action = `/dashboard/users/${user}/operator-chat/${id}/retry`;
  if (direction === "out") deliver(bubble, message.delivery ?? { state: "queued" });
}

/** What became of a reply. */
export function deliver(bubble, { state, reason, nextAttemptAt }) {
  bubble.dataset.state = state;
  const delivery = part(bubble, "delivery");
  delivery.hidden = false;
  const use = delivery.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[state] ?? "clock"}`));
  part(bubble, "delivery-text").textContent = word(`delivery-${state}`) ?? state;
  put(bubble, "reason", reason);
  part(bubble, "next").hidden = !nextAttemptAt;
  if (nextAttemptAt) writeTime(part(bubble, "next-time"), nextAttemptAt);
  part(bubble, "retry").hidden = state !== "failed" && state !== "unknown";
}

function quote(bubble, replyTo) {
  const line = part(bubble, "quote");
  line.hidden = !replyTo;
  if (!replyTo) return;
  const id = replyTo.id ?? replyTo;
  line.href = `#m${id}`;
  const original = document.getElementById(`m${id}`);
  const text = replyTo.messageText || (original && part(original, "text").textContent);
  part(line, "quote-text").textContent = text || kindText(replyTo.messageType ?? "text");
}

const shownAs = (mime) =>
  ({ image: "picture", video: "video", audio: "audio" })[
    mime === "image/svg+xml" ? "" : String(mime).split("/")[0]
  ] ?? "file";

function attach(bubble, attachments) {
  const files = part(bubble, "files");
  // A picture that is shown already is not loaded again.
  const key = JSON.stringify(attachments.map(({ id, state }) => [id, state]));
  if (files.dataset.key === key) return;
  files.dataset.key = key;
  files.hidden = attachments.length === 0;
  files.replaceChildren(...attachments.map(attachment));
}

function attachment({ id, mimeType, fileName, size, width, height, state = "stored" }) {
  const shown = state === "stored" ? shownAs(mimeType) : state;
  const looks = document.getElementById("attachments").content;
  const look =
    looks.querySelector(`[data-shown="${CSS.escape(shown)}"]`) ??
    looks.querySelector('[data-shown="file"]');
  const element = look.cloneNode(true);
  const url = `/files/${encodeURIComponent(id)}`;
  const media = element.dataset.part === "media" ? element : part(element, "media");
  if (media) {
    media.src = url;
    if (width && height) {
      const scale = Math.min(WIDEST / width, TALLEST / height, 1);
      media.width = Math.ceil(width * scale);
      media.height = Math.ceil(height * scale);
    }
    if (media.tagName === "IMG") media.alt = fileName || word("attachment-file");
  }
  if (element.tagName === "A") element.href = url;
  const name = part(element, "name");
  if (name) name.textContent = fileName || word("attachment-file");
  const small = part(element, "size");
  if (small) small.textContent = sizeText(size);
  return element;
}

function sizeText(bytes) {
  if (!bytes) return "";
  if (bytes < 1024) return `${bytes}\u00a0${word("unit-b")}`;
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)}\u00a0${word("unit-kb")}`;
  const tenths = Math.floor((bytes * 10) / (1024 * 1024));
  return `${Math.floor(tenths / 10)},${tenths % 10}\u00a0${word("unit-mb")}`;
}
