// A small picker: what is used when people are helped.

const SIGNS =
  "🙂 😀 😊 😉 😅 😂 🤝 👍 👎 👌 🙏 👋 💪 👏 🎉 🔥 ❤️ 💙 ✅ ❌ ❗ ❓ ⏳ ⚡ ⭐ 💡 📎 📷 🎥 📄 📦 💳 💰 📈 📅 📍 🔗 📞 ✉️ 🤔 😔 😢 😮 🥳 ☕ 🌟 🆗 ➡️";

/** Opens the picker of a form, or shuts it; what is chosen goes into `text`. */
export function toggle(form, text, onPut) {
  const button = form.querySelector("[data-emoji-open]");
  const panel = form.querySelector("[data-emoji]");
  const show = (is) => {
    panel.hidden = !is;
    button.setAttribute("aria-expanded", String(is));
    if (is) panel.firstElementChild.focus();
  };
  if (!panel.children.length) make(panel, text, button, show, onPut);
  show(panel.hidden);
}

function make(panel, text, button, show, onPut) {
  for (const sign of SIGNS.split(" ")) {
    const choice = document.createElement("button");
    choice.type = "button";
    choice.className = "quiet";
    choice.textContent = sign;
    panel.append(choice);
  }
  panel.addEventListener("click", ({ target }) => {
    if (target.tagName !== "BUTTON") return;
    text.setRangeText(target.textContent, text.selectionStart, text.selectionEnd, "end");
    show(false);
    text.focus();
    onPut();
  });
  panel.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 12, ArrowUp: -12 }[event.key];
    const choices = Array.from(panel.children);
    if (step) choices[choices.indexOf(event.target) + step]?.focus();
    else if (event.key === "Escape") {
      show(false);
      button.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
