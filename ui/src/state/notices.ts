import { useQuery } from "@tanstack/react-query";
import { AppFailure, useBackend } from "../backend";
import type { DesktopView } from "../backend/generated/DesktopView";
import type { NoticeList } from "../backend/generated/NoticeList";

/** The acting member's notices. Read again, like everything else, when the workspace has changed. */
export function useNotices() {
  const backend = useBackend();
  return useQuery<NoticeList, AppFailure>({
    queryKey: ["notices"],
    queryFn: () => backend.notices().catch((thrown) => Promise.reject(AppFailure.from(thrown))),
  });
}

/** What the desktop offers. A notification server can come and go, so it is asked each time. */
export function useDesktop() {
  const backend = useBackend();
  return useQuery<DesktopView, AppFailure>({
    queryKey: ["desktop"],
    queryFn: () => backend.desktop().catch((thrown) => Promise.reject(AppFailure.from(thrown))),
    staleTime: 0,
  });
}
