import "./base.css";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { openBackend } from "./backend";

const root = document.getElementById("root");
if (root) {
  void openBackend().then((backend) => createRoot(root).render(<App backend={backend} />));
}
