// Texts with meaning, as the server has cut them: nothing is parsed here.

import { word } from "./words.js";

function piece({ text, marks = [], href }) {
  const node = document.createElement(href ? "a" : "span");
  node.className = marks.join(" ");
  node.textContent = text;
  if (href) {
    node.href = href;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
  } else if (marks.includes("spoiler")) {
    node.tabIndex = 0;
    node.setAttribute("role", "button");
  }
  return node;
}

/** Writes a text and its looks. */
export function rich(element, text, segments) {
  if (segments?.length) element.replaceChildren(...segments.map(piece));
  else element.textContent = text ?? "";
}

/** What a message says beside its text. */
export function showFacts(list, facts = []) {
  list.hidden = facts.length === 0;
  list.replaceChildren(
    ...facts.map(({ kind, value, href }) => {
      const item = document.createElement("li");
      item.dataset.fact = kind;
      const label = document.createElement("span");
      label.textContent = `${word(`fact-${kind}`)} `;
      const said = document.createElement("bdi");
      said.append(piece({ text: value, href }));
      item.append(label, said);
      return item;
    }),
  );
}

function open(event) {
  const hidden = event.target.closest?.(".spoiler:not(.open)");
  if (!hidden) return;
  event.preventDefault();
  hidden.classList.add("open");
}

document.addEventListener("click", open);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") open(event);
});
