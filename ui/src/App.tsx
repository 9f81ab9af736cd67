import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { type Backend, BackendProvider, useBackend } from "./backend";
import type { Overview } from "./backend/generated/Overview";
import { ErrorNote } from "./components/ErrorNote";
import { Shell } from "./screens/shell/Shell";
import { StartFailed } from "./screens/shell/StartFailed";
import { Welcome } from "./screens/welcome/Welcome";
import { useAppearance } from "./state/appearance";
import { LocaleProvider } from "./state/locale";
import { afterPaint } from "./state/measure";
import {
  newQueryClient,
  OverviewProvider,
  useOverviewQuery,
  usePlaces,
  useWorkspaceChanges,
} from "./state/overview";

export function App({ backend }: { backend: Backend }) {
  const [client] = useState(newQueryClient);
  return (
    <BackendProvider value={backend}>
      <QueryClientProvider client={client}>
        <Workspace />
      </QueryClientProvider>
    </BackendProvider>
  );
}

function Workspace() {
  const query = useOverviewQuery();
  useWorkspaceChanges();
  usePlaces();
  useAppearance(query.data?.settings.appearance ?? "system");
  if (query.data) return <Ready overview={query.data} />;
  if (query.error) {
    const language = navigator.language.startsWith("ja") ? "ja" : "en";
    return (
      <LocaleProvider language={language}>
        <StartFailed retry={() => void query.refetch()}>
          <ErrorNote failure={query.error} />
        </StartFailed>
      </LocaleProvider>
    );
  }
  // The first answer takes milliseconds; a spinner would only flash.
  return null;
}

function Ready({ overview }: { overview: Overview }) {
  const backend = useBackend();
  const told = useRef(false);
  useEffect(() => {
    if (told.current) return;
    told.current = true;
    // A hidden window gets no animation frames, so the screen asks to be shown once it stands.
    void backend.firstPaint().catch(() => undefined);
  }, [backend]);
  useEffect(() => afterPaint(() => performance.mark("first-screen")), []);
  return (
    <LocaleProvider language={overview.settings.language ?? overview.system_language}>
      <OverviewProvider value={overview}>
        {overview.workspace.first_start ? <Welcome /> : <Shell />}
      </OverviewProvider>
    </LocaleProvider>
  );
}
