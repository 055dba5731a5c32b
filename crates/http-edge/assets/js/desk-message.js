// Bubbles: the server's markup, cloned and filled. Nothing people wrote is ever parsed as markup.

import { part, size as sizeText, word } from "./words.js";
import { writeTime } from "./times.js";
import { kindText } from "./desk-list.js";
import { rich, showFacts } from "./desk-rich.js";

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
  if (!bubble.closest(".album")) bubble.id = `m${id}`;
  if (message.clientMessageId) bubble.dataset.clientId = message.clientMessageId;
  bubble.dataset.at = message.createdAt;
  bubble.classList.remove("in", "out");
  bubble.classList.add(direction);
  writeTime(part(bubble, "time"), message.createdAt);
  const text = put(bubble, "text", messageText);
  rich(text, messageText, message.segments);
  showFacts(part(bubble, "facts"), message.facts);
  const files = message.attachments ?? (message.attachment ? [message.attachment] : []);
  const shownBy = { text: messageText, photo: files.length, document: files.length };
  const isShown = shownBy[messageType] || message.facts?.length;
  put(bubble, "kind", isShown ? "" : kindText(messageType));
  put(bubble, "author", message.author);
  put(bubble, "signs", message.reactions?.join(" "));
  part(bubble, "reactions").hidden = !message.reactions?.length;
  part(bubble, "edited").hidden = !message.editedAt;
  part(bubble, "history").replaceChildren();
  part(bubble, "history").hidden = true;
  part(bubble, "deleted").hidden = !message.deletedAt;
  bubble.classList.toggle("gone", Boolean(message.deletedAt));
  part(bubble, "notice").hidden = !message.notice;
  bubble.classList.toggle("by-bot", Boolean(message.notice));
  part(bubble, "unverified").hidden = message.verified !== false;
  bubble.dataset.album = message.album ?? "";
  quote(bubble, replyTo);
  bubble.dataset.kind = kindText(messageType);
  attach(bubble, files);
  nameFiles(bubble);
  const url = `/dashboard/users/${user}/operator-chat/${id}`;
  for (const deed of ["retry", "dismiss", "delete"]) part(bubble, deed).action = `${url}/${deed}`;
  part(bubble, "answer").href = `?reply=${id}#composer`;
  part(bubble, "answer").hidden = !message.telegramMessageId;
  part(bubble, "edit").href = `?edit=${id}#composer`;
  showChange(bubble, message.changes);
  bubble.dataset.dismissed = message.dismissed ? "yes" : "";
  if (direction === "out") {
    deliver(bubble, message.delivery ?? { state: "queued" }, message.parts);
  }
}

/** Why something did not go out, in the reader's words. */
function why({ code, reason }) {
  return code ? (word(`reason-${code}`) ?? word("reason-rejected")) : reason;
}

function showChange(bubble, changes = []) {
  const change = changes.find(({ state }) => state !== "done");
  const text = change && word(`change-${change.kind}-${change.state}`);
  put(bubble, "change", text && [text, why(change)].filter(Boolean).join(": "));
}

/** What became of a reply, and of each of its parts if there are several. */
export function deliver(bubble, outcome, parts) {
  const { state, reason, nextAttemptAt } = outcome;
  bubble.dataset.state = state;
  const delivery = part(bubble, "delivery");
  delivery.hidden = false;
  const use = delivery.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${ICONS[state] ?? "clock"}`));
  part(bubble, "delivery-text").textContent = word(`delivery-${state}`) ?? state;
  put(bubble, "reason", why(outcome)).title = reason ?? "";
  waitUntil(bubble, state === "queued" ? nextAttemptAt : null);
  const ended = (state === "failed" || state === "unknown") && !bubble.dataset.dismissed;
  part(bubble, "retry").hidden = !ended;
  const isHere = !bubble.dataset.id.startsWith("local-");
  part(bubble, "dismiss").hidden = !ended || !isHere;
  const mine = state === "sent" && isHere && !part(bubble, "author").hidden;
  const canChange = mine && !bubble.classList.contains("gone");
  if (parts) showParts(bubble, parts);
  const isFixed = part(bubble, "parts").children.length > 1;
  part(bubble, "edit").hidden = !canChange || isFixed;
  part(bubble, "fixed").hidden = !canChange || !isFixed;
  part(bubble, "delete").hidden = !canChange;
  if (state === "sent" && isHere) part(bubble, "answer").hidden = false;
}

function showParts(bubble, parts) {
  const list = part(bubble, "parts");
  list.hidden = parts.length < 2;
  list.replaceChildren(
    ...parts.map((one) => {
      const item = document.createElement("li");
      item.dataset.state = one.state;
      item.textContent = [word(`delivery-${one.state}`), why(one)].filter(Boolean).join(": ");
      return item;
    }),
  );
}

/** A reply that waits: until when, counted down. */
export function waitUntil(bubble, at) {
  part(bubble, "next").hidden = !at;
  if (!at) return;
  const time = part(bubble, "next-time");
  writeTime(time, at);
  const tick = () => {
    const left = Math.ceil((Date.parse(at) - Date.now()) / 1000);
    if (!bubble.isConnected || time.dateTime !== new Date(at).toISOString()) return;
    if (left < 1 || part(bubble, "next").hidden) {
      part(bubble, "next").hidden = true;
      return;
    }
    if (left < 100) time.textContent = word("delivery-in", { n: left });
    setTimeout(tick, 1000);
  };
  tick();
}

function quote(bubble, replyTo) {
  const line = part(bubble, "quote");
  line.hidden = !replyTo;
  if (!replyTo) return;
  const id = replyTo.id ?? replyTo;
  line.href = `#m${id}`;
  const original = document.getElementById(`m${id}`)?.closest(".message");
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

/** What pictures and videos are called for those who do not see them; of an album, which of how many. */
export function nameFiles(bubble) {
  const files = Array.from(part(bubble, "files").children);
  const album = Array.from(bubble.closest(".album")?.firstElementChild.children ?? []);
  const text = album.length ? part(bubble, "text").textContent : "";
  const { kind } = bubble.dataset;
  for (const [index, file] of files.entries()) {
    const media = file.matches("[data-part=media]") ? file : part(file, "media");
    if (!media) continue;
    const one = [album.indexOf(bubble) + 1, album.length];
    const [n, limit] = files.length > 1 ? [index + 1, files.length] : one;
    const place = limit > 1 && `${kind} ${word("album-place", { n, limit })}`;
    const label = [place || media.dataset.name || kind, text].filter(Boolean).join(": ");
    if (media.tagName === "IMG") media.alt = label;
    else media.setAttribute("aria-label", label);
  }
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
    if (fileName) media.dataset.name = fileName;
  }
  if (element.tagName === "A") element.href = url;
  const name = part(element, "name");
  if (name) name.textContent = fileName || word("attachment-file");
  const small = part(element, "size");
  if (small) small.textContent = size ? sizeText(size) : "";
  return element;
}
