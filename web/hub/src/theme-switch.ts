type Theme = "system" | "light" | "dark";
const order: Theme[] = ["system", "light", "dark"];

/** The button that goes round the three themes; what is chosen stays in this browser. */
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.querySelector("button")!.addEventListener("click", () => this.choose(order[(order.indexOf(this.current) + 1) % order.length]));
    this.label();
  }

  private get current(): Theme {
    return (document.documentElement.dataset.theme as Theme | undefined) ?? "system";
  }

  private choose(theme: Theme) {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    try {
      if (theme === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      // Nothing is kept: the choice holds for this page.
    }
    this.label();
  }

  private label() {
    const text = `${this.dataset.label}: ${this.dataset[this.current]}`;
    const button = this.querySelector("button")!;
    button.setAttribute("aria-label", text);
    button.title = text;
  }
}

customElements.define("hub-theme", ThemeSwitch);
