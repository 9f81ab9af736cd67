import { useEffect, useState } from "react";
import { m } from "../paraglide/messages";
import { Button } from "./Button";

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A webview without the clipboard permission still takes the old command from a click.
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** Copies a text. Its width holds both words, so that nothing moves. */
export function CopyButton({ text, label, testid }: { text: string; label: string; testid?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = window.setTimeout(() => setCopied(false), 2500);
    return () => window.clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <Button small onPress={() => void copy(text).then(setCopied)} data-testid={testid} aria-label={label}>
        <span style={{ display: "grid" }}>
          <span style={{ gridArea: "1/1", visibility: copied ? "hidden" : "visible" }}>{m.copy()}</span>
          <span style={{ gridArea: "1/1", visibility: copied ? "visible" : "hidden" }}>{m.copied()}</span>
        </span>
      </Button>
      <span role="status" className="sr-only">
        {copied ? m.copied() : ""}
      </span>
    </>
  );
}
