import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { AppFailure, useBackend } from "../backend";
import type { DesktopView } from "../backend/generated/DesktopView";
import type { NoticeList } from "../backend/generated/NoticeList";

/** The acting member's notices, page by page. Read again, like everything else, when the workspace has changed. */
export function useNotices(text: string) {
  const backend = useBackend();
  return useInfiniteQuery<NoticeList, AppFailure>({
    queryKey: ["notices", text],
    initialPageParam: null,
    queryFn: ({ pageParam }) =>
      backend
        .notices({ text: text || null, before: pageParam as number | null })
        .catch((thrown) => Promise.reject(AppFailure.from(thrown))),
    getNextPageParam: (page) => page.next,
    // Keeps the lines before in place until the filtered ones are there.
    placeholderData: (before) => before,
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
