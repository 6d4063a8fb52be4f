import { ask } from "./light";

interface Collection {
  running: boolean;
  phase: string;
  done: number;
  total: number;
}

/** How far the garbage collection is; the page is drawn anew when it has ended. */
class CollectionProgress extends HTMLElement {
  private timer = 0;

  connectedCallback() {
    if (this.dataset.running === "1") this.timer = window.setTimeout(() => void this.look(), 500);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  private async look() {
    try {
      const now = await ask<Collection>(this.dataset.source!);
      if (!now.running) {
        location.reload();
        return;
      }
      this.querySelector(".phase")!.textContent = now.phase;
      const bar = this.querySelector("progress")!;
      bar.max = Math.max(1, now.total);
      if (now.total > 0) bar.value = now.done;
      else bar.removeAttribute("value");
    } catch {
      // The server may be starting again: asked once more.
    }
    this.timer = window.setTimeout(() => void this.look(), 1000);
  }
}

customElements.define("hub-collection", CollectionProgress);
