// Sound and desktop notification of a new message: only after the operator asked for them by the button, and
// loaded only then.

import { word } from "./words.js";

const KEY = "desk-notify";
const PAUSE = 3000;

export class Bell {
  #button;
  #rungAt = 0;
  #audio;

  constructor(button) {
    this.#button = button;
    this.#show();
  }

  get #isOn() {
    return localStorage.getItem(KEY) === "on" && Notification.permission === "granted";
  }

  /** The button was pressed. */
  async press() {
    if (this.#isOn) localStorage.removeItem(KEY);
    else if ((await Notification.requestPermission()) === "granted") {
      localStorage.setItem(KEY, "on");
      // A browser lets only a press of a button begin a sound.
      this.#audio = new AudioContext();
      this.#sound();
    }
    this.#show();
  }

  #show() {
    const denied = Notification.permission === "denied";
    const key = denied ? "denied" : this.#isOn ? "off" : "on";
    this.#button.textContent = word(`desk-notify-${key}`);
    this.#button.disabled = denied;
    this.#button.setAttribute("aria-pressed", String(this.#isOn));
  }

  ring(name, text, userId) {
    if (!this.#isOn || Date.now() - this.#rungAt < PAUSE) return;
    this.#rungAt = Date.now();
    this.#sound();
    if (document.visibilityState === "visible") return;
    // One per person, however many of their messages and of these tabs there are.
    const note = new Notification(name, { body: text.slice(0, 120), tag: `chat-${userId}` });
    note.addEventListener("click", () => {
      window.focus();
      location.href = `/dashboard/users/${userId}/operator-chat`;
    });
  }

  #sound() {
    this.#audio ??= new AudioContext();
    const { currentTime: now, destination } = this.#audio;
    const tone = this.#audio.createOscillator();
    const volume = this.#audio.createGain();
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.15, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.35);
    tone.connect(volume).connect(destination);
    tone.start(now);
    tone.stop(now + 0.35);
  }
}
