import { html, nothing, render } from "lit";
import { ask } from "./light";

interface Found {
  name: string;
  description: string;
  private: boolean;
  pulls: string;
}

let fields = 0;

/** Answers as one types: a list under the field, walked by arrow keys (ARIA's combobox with a listbox). */
class Search extends HTMLElement {
  private found: Found[] | undefined;
  private active = -1;
  private timer = 0;
  private asking: AbortController | undefined;
  private input!: HTMLInputElement;
  private list!: HTMLElement;
  private readonly listId = `search-list-${++fields}`;

  connectedCallback() {
    this.input = this.querySelector("input")!;
    this.list = document.createElement("div");
    this.append(this.list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.listId }))
      this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("focus", () => this.found && this.draw());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("focusout", (event) => !this.contains(event.relatedTarget as Node | null) && this.close());
    this.draw(false);
  }

  private later() {
    clearTimeout(this.timer);
    const query = this.input.value.trim();
    if (query === "") {
      this.found = undefined;
      this.close();
      return;
    }
    this.timer = window.setTimeout(() => void this.look(query), 90);
  }

  private async look(query: string) {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    try {
      this.found = (await ask<{ found: Found[] }>(`/search.json?q=${encodeURIComponent(query)}`, asking.signal)).found;
      this.active = -1;
      if (this.contains(document.activeElement)) this.draw();
    } catch {
      // Overtaken, or the server is away: the form itself still works.
    }
  }

  private key(event: KeyboardEvent) {
    if (event.isComposing) return;
    const open = this.input.getAttribute("aria-expanded") === "true";
    const count = this.found?.length ?? 0;
    if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.active = open ? (this.active + 1 + step + count + 1) % (count + 1) - 1 : step > 0 ? 0 : count - 1;
      this.draw();
    } else if (event.key === "Enter" && open && this.active >= 0) {
      event.preventDefault();
      location.assign(path(this.found![this.active]));
    }
  }

  private close() {
    this.active = -1;
    this.draw(false);
  }

  private draw(open = true) {
    const shown = open && this.found !== undefined;
    this.input.setAttribute("aria-expanded", String(shown));
    if (shown && this.active >= 0) this.input.setAttribute("aria-activedescendant", `${this.listId}-${this.active}`);
    else this.input.removeAttribute("aria-activedescendant");
    const found = this.found ?? [];
    render(
      html`<div class="suggest" ?hidden=${!shown}>
        <ul id=${this.listId} role="listbox" aria-label=${this.input.getAttribute("aria-label")!}>
          ${found.map(
            (one, i) => html`<li id="${this.listId}-${i}" role="option" aria-selected=${i === this.active} @pointerdown=${(event: Event) => event.preventDefault()}
              @click=${() => location.assign(path(one))}><span class="suggest-name">${name(one.name)}${one.private ? html`<span class="badge">${this.dataset.private}</span>` : nothing}</span><span class="suggest-text">${one.description}</span></li>`,
          )}
        </ul>
        ${shown && found.length === 0 ? html`<p class="suggest-none" role="status">${this.dataset.none}</p>` : nothing}
        ${found.length > 0 ? html`<a class="suggest-all" href="/search?q=${encodeURIComponent(this.input.value.trim())}">${this.dataset.all}</a>` : nothing}
      </div>`,
      this.list,
    );
    this.list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }
}

function path(found: Found): string {
  return `/r/${found.name}`;
}

function name(whole: string) {
  const slash = whole.lastIndexOf("/") + 1;
  return html`<span class="path">${whole.slice(0, slash)}</span><b>${whole.slice(slash)}</b>`;
}

customElements.define("hub-search", Search);
