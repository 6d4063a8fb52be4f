import { html, nothing, svg, type TemplateResult } from "lit";
import { ask, LightElement } from "./light";

type Change = "same" | "added" | "changed" | "hidden";

interface Entry {
  name: string;
  path: string;
  change: Change;
  folder: boolean;
  size: string;
  mode: string;
  target?: string;
}

interface Listing {
  entries: Entry[];
  cut: boolean;
}

interface Row {
  entry: Entry;
  depth: number;
  place: number;
  among: number;
}

const signs: Record<Change, string> = { same: "", added: "+", changed: "~", hidden: "−" };
const folderIcon = svg`<path d="M2.5 5.5A1.5 1.5 0 0 1 4 4h3.5l2 2H16a1.5 1.5 0 0 1 1.5 1.5v7A1.5 1.5 0 0 1 16 16H4a1.5 1.5 0 0 1-1.5-1.5Z"/>`;
const fileIcon = svg`<path d="M5 2.5h6l4 4v11H5ZM11 2.5v4h4"/>`;

/** The files of a layer as a tree that opens in place and can be filtered (ARIA's tree view with one place in the tab order). */
class Tree extends LightElement {
  private readonly folders = new Map<string, Listing>();
  private readonly open = new Set<string>();
  private found: Listing | undefined;
  private active = "";
  private failed = false;
  private ready = false;
  private timer = 0;
  private asking: AbortController | undefined;

  override connectedCallback() {
    // What the server drew stays until the first listing is here.
    void this.load("").then(() => {
      this.replaceChildren();
      this.ready = true;
      super.connectedCallback();
      this.requestUpdate();
    });
  }

  protected override shouldUpdate() {
    return this.ready;
  }

  private async load(folder: string) {
    if (this.folders.has(folder)) return;
    try {
      this.folders.set(folder, await ask<Listing>(`${this.dataset.source}&path=${encodeURIComponent(folder)}`));
      // A folder that holds but one folder is opened with it: usr, then usr/lib, says nothing by itself.
      const entries = this.folders.get(folder)!.entries;
      if (entries.length === 1 && entries[0].folder && entries[0].change === "same") {
        this.open.add(entries[0].path);
        await this.load(entries[0].path);
      }
    } catch {
      this.failed = true;
    }
  }

  private later(text: string) {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.find(text.trim()), 120);
  }

  private async find(text: string) {
    this.asking?.abort();
    if (text === "") {
      this.found = undefined;
      this.requestUpdate();
      return;
    }
    const asking = (this.asking = new AbortController());
    try {
      this.found = await ask<Listing>(`${this.dataset.source}&filter=${encodeURIComponent(text)}`, asking.signal);
      this.active = "";
      this.requestUpdate();
    } catch {
      // Overtaken by the next letter.
    }
  }

  private rows(): Row[] {
    const rows: Row[] = [];
    const walk = (listing: Listing | undefined, depth: number) =>
      listing?.entries.forEach((entry, i) => {
        rows.push({ entry, depth, place: i + 1, among: listing.entries.length });
        if (!this.found && entry.folder && this.open.has(entry.path)) walk(this.folders.get(entry.path), depth + 1);
      });
    walk(this.found ?? this.folders.get(""), 1);
    return rows;
  }

  private async toggle(entry: Entry, open = !this.open.has(entry.path)) {
    if (!entry.folder || this.found) return;
    if (open) {
      await this.load(entry.path);
      this.open.add(entry.path);
    } else {
      this.open.delete(entry.path);
    }
    this.requestUpdate();
  }

  private go(path: string | undefined) {
    if (path === undefined) return;
    this.active = path;
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')?.focus());
  }

  private key(event: KeyboardEvent) {
    const rows = this.rows();
    const at = Math.max(0, rows.findIndex((row) => row.entry.path === this.active));
    const row = rows[at];
    if (!row) return;
    const isOpen = this.open.has(row.entry.path) && !this.found;
    switch (event.key) {
      case "ArrowDown":
        this.go(rows[at + 1]?.entry.path);
        break;
      case "ArrowUp":
        this.go(rows[at - 1]?.entry.path);
        break;
      case "Home":
        this.go(rows[0].entry.path);
        break;
      case "End":
        this.go(rows[rows.length - 1].entry.path);
        break;
      case "ArrowRight":
        if (isOpen) this.go(rows[at + 1]?.entry.path);
        else void this.toggle(row.entry, true);
        break;
      case "ArrowLeft":
        if (isOpen) void this.toggle(row.entry, false);
        else this.go(rows.slice(0, at).reverse().find((above) => above.depth < row.depth)?.entry.path);
        break;
      case "Enter":
      case " ":
        void this.toggle(row.entry);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  protected override render() {
    const rows = this.rows();
    const active = rows.some((row) => row.entry.path === this.active) ? this.active : rows[0]?.entry.path;
    const cut = (this.found ?? this.folders.get(""))?.cut ?? false;
    return html`<div class="tree-tools"><input type="search" aria-label=${this.dataset.filter!} placeholder=${this.dataset.filter!} spellcheck="false"
        autocapitalize="off" @input=${(event: Event) => this.later((event.target as HTMLInputElement).value)} /></div>
      ${this.failed ? html`<p class="empty-line muted">${this.dataset.failed}</p>` : nothing}
      ${rows.length === 0 && !this.failed ? html`<p class="empty-line muted" role="status">${this.dataset.empty}</p>` : nothing}
      ${rows.length > 0 ? html`<ul class="tree" role="tree" aria-label=${this.dataset.label!} @keydown=${this.key}>${rows.map((row) => this.row(row, active))}</ul>` : nothing}
      ${cut ? html`<p class="empty-line muted">${this.dataset.cut}</p>` : nothing}`;
  }

  private row({ entry, depth, place, among }: Row, active: string | undefined): TemplateResult {
    const opens = entry.folder && !this.found;
    return html`<li class="node ${entry.change} depth-${Math.min(depth, 12)}" role="treeitem" aria-level=${depth} aria-posinset=${place} aria-setsize=${among}
      aria-expanded=${opens ? String(this.open.has(entry.path)) : nothing} tabindex=${entry.path === active ? 0 : -1}
      @click=${() => { this.active = entry.path; void this.toggle(entry); this.requestUpdate(); }}>
      <span class="sign" aria-hidden="true">${signs[entry.change]}</span><span class="twist" aria-hidden="true">${opens ? html`<svg class="icon" viewBox="0 0 20 20" width="12" height="12"><path d="m7 4 6 6-6 6" /></svg>` : nothing}</span
      ><svg class="icon" viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">${entry.folder ? folderIcon : fileIcon}</svg><span class="node-name">${entry.name}</span
      >${entry.target ? html`<span class="muted node-target">→ ${entry.target}</span>` : nothing}<span class="spoken">${this.dataset[entry.change]}</span
      ><span class="node-mode muted">${entry.mode}</span><span class="node-size">${entry.size}</span>
    </li>`;
  }
}

customElements.define("hub-tree", Tree);
