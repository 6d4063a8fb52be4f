/** A list that a field above it narrows. */
class Filter extends HTMLElement {
  connectedCallback() {
    const nodes = [...this.querySelectorAll<HTMLElement>(".node")];
    if (nodes.length < 8) return;
    const field = document.createElement("input");
    field.type = "search";
    field.placeholder = this.dataset.label!;
    field.setAttribute("aria-label", this.dataset.label!);
    field.addEventListener("input", () => {
      const text = field.value.trim().toLowerCase();
      for (const node of nodes) node.hidden = !node.querySelector(".node-name")!.textContent!.toLowerCase().includes(text);
    });
    this.querySelector(".section-head")!.append(field);
  }
}

customElements.define("hub-filter", Filter);
