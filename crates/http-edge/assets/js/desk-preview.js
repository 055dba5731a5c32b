// How what is being typed will look: the server alone knows what signs mean.

import { readJson } from "./words.js";
import { rich } from "./desk-rich.js";

export async function preview(shown, messageText, field) {
  const response = await fetch("/api/operator-chats/preview", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messageText }),
  }).catch(() => null);
  const answer = response?.ok ? await readJson(response) : null;
  if (messageText !== field.value) return;
  shown.hidden = !answer?.segments?.length;
  if (answer) rich(shown, answer.messageText, answer.segments);
}
