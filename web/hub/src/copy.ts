/** A piece of text with a button that copies it. */
class Copy extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const code = this.querySelector("code");
    if (!button || !code) return;
    const label = button.getAttribute("aria-label")!;
    button.addEventListener("click", async () => {
      if (!(await put(code))) return;
      button.classList.add("done");
      button.setAttribute("aria-label", this.dataset.copied!);
      setTimeout(() => {
        button.classList.remove("done");
        button.setAttribute("aria-label", label);
      }, 1600);
    });
  }
}

/** Without a secure origin there is no clipboard: then the text is selected, and one key away. */
async function put(code: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(code.dataset.value ?? code.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(code);
    return document.execCommand("copy");
  }
}

customElements.define("hub-copy", Copy);
