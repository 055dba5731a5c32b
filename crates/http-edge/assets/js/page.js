// What every page does: times, the theme switch, the menu, one-time notices.

import { word } from "./words.js";
import { refreshTimes } from "./times.js";

function remember(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax${secure}`;
}

// The next page is rendered in the reader's zone from the start.
remember("tz", Intl.DateTimeFormat().resolvedOptions().timeZone);
refreshTimes();
setInterval(refreshTimes, 20_000);

const THEMES = { auto: ["light", "sun-moon"], light: ["dark", "sun"], dark: ["auto", "moon"] };
document.querySelector("[data-theme-switch]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.currentTarget.querySelector("button");
  const theme = button.value;
  const [next, icon] = THEMES[theme];
  document.documentElement.dataset.theme = theme;
  remember("theme", theme);
  button.value = next;
  const use = button.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
  button.title = word(`theme-${theme}`);
  button.querySelector(".sr").textContent = button.title;
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A reload should not say again what was said once.
const address = new URL(location.href);
if (address.searchParams.has("notice")) {
  address.searchParams.delete("notice");
  history.replaceState(history.state, "", address);
}

// A page out of the browser's history may be hours old.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("[data-live-state]")) location.reload();
});
