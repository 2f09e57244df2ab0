// Speaking with the server: a visitor is made with the first word, messages keep their id until they are taken,
// and what both sides say arrives as a stream.

const KEPT = "linli.unsent";
const PATIENCE_MS = 30000;

export class Refusal extends Error {
  constructor(status, sentence) {
    super(sentence ?? "");
    this.status = status;
  }
}

async function call(path, options = {}) {
  const response = await fetch(path, { credentials: "same-origin", signal: AbortSignal.timeout?.(PATIENCE_MS), ...options });
  if (response.ok) return response.json();
  const body = await response.json().catch(() => ({}));
  throw new Refusal(response.status, body.detail);
}

export const post = (path, value = {}) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });

let known = "known" in document.body.dataset;

/** Say something or tap a button. The same message may be sent again: its id sees to it that it counts once. */
export async function say(message) {
  if (!known) await post("/chat/visitors");
  known = true;
  try {
    return await post("/chat/messages", message);
  } catch (error) {
    if (error.status !== 401) throw error;
    await post("/chat/visitors");
    return post("/chat/messages", message);
  }
}

/** Everything said so far, or null where nobody is known in this browser yet. */
export async function history() {
  if (!known) return null;
  const lines = [];
  let cursor = 0;
  try {
    for (;;) {
      const page = await call(`/chat/messages?after=${cursor}`);
      lines.push(...page.messages);
      if (!page.messages.length) return { lines, cursor };
      cursor = page.cursor;
    }
  } catch (error) {
    if (error.status === 401) return null;
    throw error;
  }
}

export const link = () => call("/chat/link");

/** Calls `heard` with each turn after `cursor`, and `state` with whether the line stands; goes on through every break. */
export function listen(cursor, heard, state) {
  let last = cursor;
  let pause = 1000;
  const open = () => {
    const source = new EventSource(`/chat/stream?after=${last}`);
    source.onopen = () => { pause = 1000; state(true); };
    source.onmessage = (event) => { last = Number(event.lastEventId) || last; heard(JSON.parse(event.data)); };
    source.onerror = () => {
      state(false);
      source.close();
      setTimeout(open, pause);
      pause = Math.min(pause * 2, 15000);
    };
    addEventListener("pagehide", () => source.close(), { once: true });
    addEventListener("pageshow", (event) => { if (event.persisted) open(); }, { once: true });
  };
  open();
}

/** Messages that were not taken yet survive a reload. */
export const unsent = {
  all() {
    try { return JSON.parse(localStorage.getItem(KEPT)) ?? []; } catch { return []; }
  },
  put(messages) {
    try { localStorage.setItem(KEPT, JSON.stringify(messages)); } catch { /* a browser that keeps nothing */ }
  },
  add(message) { this.put([...this.all().filter((one) => one.id !== message.id), message]); },
  remove(id) { this.put(this.all().filter((one) => one.id !== id)); },
};
