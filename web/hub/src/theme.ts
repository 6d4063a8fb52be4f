// Runs before the body is parsed: the chosen colours, and the sign that programs run here, for what only makes sense with them.
const root = document.documentElement;
root.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
} catch {
  // A browser may keep nothing: then the system's colours it is.
}
