import { useState } from "react";
import { type AppFailure, useBackend } from "../../backend";
import type { HubSpotPage } from "../../backend/generated/HubSpotPage";

/** A pasted address of a HubSpot page, and the account that was read from it. */
export function useHubSpotPage() {
  const backend = useBackend();
  const [text, setText] = useState("");
  const [account, setAccount] = useState<HubSpotPage | null>(null);
  const [problem, setProblem] = useState<AppFailure | null>(null);
  return {
    text,
    account,
    problem,
    refuse: setProblem,
    change: (to: string) => {
      setText(to);
      setProblem(null);
      setAccount(null);
    },
    read: async () => {
      setAccount(null);
      setProblem(null);
      if (!text.trim()) return;
      try {
        setAccount(await backend.readHubspotPage(text));
      } catch (thrown) {
        setProblem(thrown as AppFailure);
      }
    },
  };
}
