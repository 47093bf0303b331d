"use strict";
// Lets people read the password that they type.
for (const button of document.querySelectorAll(".reveal")) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
  };
  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  // A browser only offers to keep what was in a password field, and others may look on.
  field.form.addEventListener("submit", () => show(false));
}
